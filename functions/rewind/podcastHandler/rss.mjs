const MOST_EPISODES = 10;
const LONGEST_TEXT = 300;
const LONGEST_TAG = 4096;

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * What the app shows of a feed (RSS or Atom): its title and its newest episodes.
 *
 * Finds the few elements by their tags instead of reading all XML; only `indexOf`, whose time grows with the text's
 * length and no faster, since the text comes from anywhere.
 *
 * @returns {{ title?: string, episodes: { title?: string, publishedAt?: string, audioUrl?: string }[] }}
 */
export const parseFeed = (xml) => {
  if (!/<(rss|feed|rdf:RDF)[\s>]/.test(xml.slice(0, 4096))) throw new Error("not a feed");
  const items = [...blocks(xml, "item"), ...blocks(xml, "entry")];
  const head = items.length > 0 ? xml.slice(0, xml.indexOf(items[0])) : xml;
  // An unknown date sorts behind every known one.
  const newest = (episode) => episode.publishedAt ?? "";
  const episodes = items.map(toEpisode).sort((one, other) => newest(other).localeCompare(newest(one)));
  return { title: element(head, "title"), episodes: episodes.slice(0, MOST_EPISODES) };
};

const toEpisode = (item) => {
  const date = Date.parse(element(item, "pubDate") ?? element(item, "published") ?? element(item, "updated"));
  return {
    title: element(item, "title"),
    publishedAt: Number.isNaN(date) ? undefined : new Date(date).toISOString(),
    audioUrl: audioUrl(item),
  };
};

const audioUrl = (item) => {
  const [start, end] = openingTag(item, "enclosure");
  const attributes = item.slice(start, Math.min(end, start + LONGEST_TAG));
  const url = decode(/\surl=["']([^"']{1,2048})["']/.exec(attributes)?.[1] ?? "");
  return url.startsWith("https://") ? url : undefined;
};

function* blocks(xml, name) {
  for (let from = 0; ;) {
    const start = tagStart(xml, name, from);
    const end = start === -1 ? -1 : xml.indexOf(`</${name}>`, start);
    if (end === -1) return;
    yield xml.slice(start, end);
    from = end;
  }
}

/** Where the first such tag starts and ends; nowhere is an empty piece. */
const openingTag = (xml, name) => {
  const start = tagStart(xml, name, 0);
  const end = start === -1 ? -1 : xml.indexOf(">", start);
  return end === -1 ? [0, 0] : [start, end];
};

const element = (xml, name) => {
  const [start, end] = openingTag(xml, name);
  const close = start === end ? -1 : xml.indexOf(`</${name}>`, end);
  return close === -1 ? undefined : plainText(xml.slice(end + 1, close)) || undefined;
};

// `<title>` and `<title type="text">`, but not `<titles>`.
const tagStart = (xml, name, from) => {
  for (let at = from; ; at += 1) {
    at = xml.indexOf(`<${name}`, at);
    if (at === -1 || /[\s>/]/.test(xml[at + name.length + 1] ?? "")) return at;
  }
};

const plainText = (content) => {
  const cdata = /^\s*<!\[CDATA\[([^]*)\]\]>\s*$/.exec(content);
  return (cdata ? cdata[1] : decode(content)).trim().slice(0, LONGEST_TEXT);
};

const decode = (text) =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[name.toLowerCase()];
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
