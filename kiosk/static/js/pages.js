// The kiosk's pages: each builds its elements from the desk: the hall, what was chosen, what is open.
export * from "/kiosk/static/js/pages_choose.js";
export * from "/kiosk/static/js/pages_end.js";
export { materials, missing, told } from "/kiosk/static/js/pages_papers.js";
