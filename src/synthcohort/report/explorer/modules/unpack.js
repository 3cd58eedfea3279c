// From base64 in the page back to JSON and to tables of codes.

async function inflated(id) {
  const text = document.getElementById(id)?.textContent.trim();
  if (!text) return null;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export async function unpackedFacts(id) {
  const bytes = await inflated(id);
  return bytes && JSON.parse(new TextDecoder().decode(bytes));
}

// Columns of codes: a low and a high plane of bytes, each as differences from row to row.
export async function unpackedCodes(id, rows) {
  const bytes = await inflated(id);
  if (!bytes) return null;
  const columns = bytes.length / 2 / rows;
  const high = columns * rows;
  return Array.from({ length: columns }, (_, column) => {
    const codes = new Uint16Array(rows);
    let [one, two] = [0, 0];
    for (let row = 0, at = column * rows; row < rows; row++, at++) {
      one = (one + bytes[at]) & 255;
      two = (two + bytes[high + at]) & 255;
      codes[row] = one | (two << 8);
    }
    return codes;
  });
}
