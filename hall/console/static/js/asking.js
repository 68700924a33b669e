// What the clerk asks of the server: one request at a time.
import { post, Problem } from "/static/js/api.js";
import { $ } from "/static/js/dom.js";
import { t } from "/static/js/texts.js";
import { legal } from "/console/static/js/actions.js";
import * as forms from "/console/static/js/forms.js";

export function asking(desk, hallPath, note, say) {
  let busy = "";
  // The key that was pressed while a request was on its way, and the ticket the clerk saw.
  let next = null;

  // A second press of the same while the first is on its way is a slip of the finger.
  async function ask(path, body) {
    if (busy) return null;
    [busy, next] = [path, null];
    document.body.setAttribute("aria-busy", "true");
    try {
      const open = !$("#form").hidden;
      // A note that could not be kept stands before the clerk, who was told why.
      if (!(await note.keep())) return null;
      const answer = await post(`${hallPath}/${path}`, body);
      say(answer === null ? t("Nobody waits.") : "", "info");
      // A form that was opened while the answer was on its way stays.
      if (open) desk.closeForm();
      return answer ?? {};
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      say(error.message, "bad");
      return error;
    } finally {
      busy = "";
      document.body.removeAttribute("aria-busy");
    }
  }

  const place = (path) => `windows/${desk.window.id}/${path}`;
  const send = (path, body) => ask(place(path), body);

  // A number is on the page before its request has the answer, so a key for it waits. One that was meant for
  // another number, or that its state no longer allows, does nothing.
  function goOn(answer) {
    const { action, seen } = next ?? {};
    next = null;
    if (action && answer?.id && answer.id === seen && legal(desk.window, answer).includes(action)) press(action);
  }

  async function press(action) {
    if (action.form) return desk.openForm(forms[action.form](desk, desk.ticket()));
    if (busy) return void (next = busy === place(action.path) ? null : { action, seen: desk.ticket()?.id });
    goOn(await send(action.path, action.body?.(desk)));
  }

  return { ask, send, press };
}
