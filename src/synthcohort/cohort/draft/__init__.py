"""A draft of the settings of a user's table: what its columns probably are."""

from synthcohort.cohort.draft.drafting import draft_settings, guessed_words

__all__ = ["draft_settings", "guessed_words"]
