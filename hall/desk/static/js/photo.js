// A photograph as small as a signed form can be read: grey, JPEG, base64.
const LONGEST = 1600;
const MOST = 280 * 1024;

export async function shrink(file) {
  const picture = await createImageBitmap(file);
  for (let longest = LONGEST; ; longest *= 0.8) {
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.filter = "grayscale(1)";
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const data = canvas.toDataURL("image/jpeg", 0.7).split(",")[1];
    if (data.length * 0.75 <= MOST) return data;
  }
}
