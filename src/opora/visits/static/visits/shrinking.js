// Makes a camera's photo small: drawn anew, it has lost what the camera wrote into it (place, moment, device).

const WIDEST = 1600; // pixels of the longer side
const GOOD = 0.82;
const SMALL = 160; // of the picture in the list

function drawn(picture, most) {
  const scale = Math.min(1, most / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

// Gives {content: ArrayBuffer, small: data address}. Rejects, where the file is no picture.
export async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const canvas = drawn(picture, WIDEST);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", GOOD));
  return { content: await blob.arrayBuffer(), small: drawn(picture, SMALL).toDataURL("image/jpeg", 0.7) };
}
