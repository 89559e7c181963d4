// The page's own parts: templates, words, alarms and what is sent to the server. Text only; nothing is ever HTML.
export const config = JSON.parse(document.getElementById("config").textContent);

export const clone = (id) => document.getElementById(id).content.cloneNode(true);

// Fill the places of a part: data-put="name" gets the text of that name.
export const put = (part, texts) => {
  for (const [name, text] of Object.entries(texts)) part.querySelector(`[data-put="${name}"]`).textContent = text;
};

export const row = (...cells) => {
  const line = document.createElement("tr");
  for (const [text, look = ""] of cells) {
    const cell = document.createElement("td");
    cell.textContent = text;
    cell.className = look;
    line.append(cell);
  }
  return line;
};

// A sentence of the page in the reader's language.
export const sentence = (name, places = {}) =>
  Object.entries(places).reduce((text, [place, value]) => text.replaceAll(`{${place}}`, value), config.says[name]);

const note = (place, look, text) => {
  const line = document.createElement("p");
  line.className = `note ${look}`;
  line.textContent = text;
  document.getElementById(place).replaceChildren(line);
};
export const say = (text, look = "ok") => note("said", look, text);
export const hush = () => document.getElementById("said").replaceChildren();
export const alarm = (text) => {
  const line = document.createElement("p");
  line.className = "note stop";
  line.textContent = text;
  document.getElementById("alarms").append(line);
};

// What the server answers, or null where it refused or did not answer; then the reason stands on the page.
export const post = async (address, body) => {
  const headers = { "X-CSRFToken": document.getElementById("token").value };
  try {
    const answer = await fetch(address, { method: "POST", headers, body });
    if (answer.ok) return await answer.json();
    const refused = answer.status === 422 ? await answer.json() : { problems: [] };
    say(refused.problems.map(([, , what, todo]) => `${what} ${todo}`).join(" ") || sentence("offline"), "stop");
  } catch { say(sentence("offline"), "stop"); }
  return null;
};
