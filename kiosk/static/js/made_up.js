// Identity numbers that nobody has: a serial of 9xx in a region code that was never given out.
const REGION = "319999";
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

// A number for somebody who is so many years old on a day. Its check digit is right.
export function madeUp(years, day = new Date(), serial = 900 + Math.floor(Math.random() * 100)) {
  const pad = (number) => String(number).padStart(2, "0");
  const born = `${day.getFullYear() - years}${pad(day.getMonth() + 1)}${pad(Math.min(day.getDate(), 28))}`;
  const digits = `${REGION}${born}${serial}`;
  const sum = [...digits].reduce((total, digit, n) => total + Number(digit) * WEIGHTS[n], 0);
  return digits + "10X98765432"[sum % 11];
}
