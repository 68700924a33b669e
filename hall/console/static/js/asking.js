// What the clerk asks of the server: one request at a time.
import { post, Problem } from "/static/js/api.js";
import { $ } from "/static/js/dom.js";
import { t } from "/static/js/texts.js";
import { legal } from "/console/static/js/actions.js";
import * as forms from "/console/static/js/forms.js";

export function asking(desk, hallPath, note, say) {
  let busy = "";
  // What was asked while a request was on its way: what happened is on the page before the request has its answer.
  let next = null;

  // A second press of the same while the first is on its way is a slip of the finger. Anything else waits for the
  // answer, and is sent if it still `fits` then.
  function ask(path, body, fits = () => true) {
    if (!busy) return run(path, body);
    next?.done(null);
    next = null;
    return busy === path ? null : new Promise((done) => (next = { path, body, fits, done }));
  }

  async function run(path, body) {
    busy = path;
    document.body.setAttribute("aria-busy", "true");
    say("", "info");
    // A form that was opened while the answer was on its way stays.
    const form = $("#form").firstElementChild;
    let answer;
    try {
      // A note that could not be kept stands before the clerk, who was told why.
      if (!(await note.keep())) return null;
      answer = await post(`${hallPath}/${path}`, body);
      if (answer === null) say(t("Nobody waits."), "info");
      if (form && form === $("#form").firstElementChild) desk.closeForm();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      say(error.message, "bad");
      answer = error;
    } finally {
      busy = "";
      document.body.removeAttribute("aria-busy");
      goOn(answer);
    }
    return answer ?? {};
  }

  // After a refusal the clerk reads it first.
  function goOn(answer) {
    const { path, body, fits, done } = next ?? {};
    next = null;
    done?.(answer !== undefined && !(answer instanceof Problem) && fits(answer) ? run(path, body) : null);
  }

  const place = (path) => `windows/${desk.window.id}/${path}`;
  const send = (path, body) => ask(place(path), body);

  // The ticket at the window: an answer knows it before the page does.
  function now(answer) {
    const shown = desk.ticket();
    if (answer && ["called", "serving"].includes(answer.state) && answer.window === desk.window?.id) return answer;
    return answer && answer.id !== shown?.id ? shown : null;
  }

  // For the number that the clerk sees, or for the window without one. What was meant for another number, or is not
  // `allowed` any more, does nothing.
  function here(path, body, allowed = () => true) {
    const seen = desk.ticket()?.id;
    return ask(place(path), body, (answer) => desk.window && now(answer)?.id === seen && allowed(now(answer)));
  }

  function press(action) {
    if (action.form) return desk.openForm(forms[action.form](desk, desk.ticket()));
    return here(action.path, action.body?.(desk), (ticket) => legal(desk.window, ticket).includes(action));
  }

  return { ask, send, here, press };
}
