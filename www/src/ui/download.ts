/** Starts the download of a file. */
export function download(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  // The download starts asynchronously, so the URL must stay valid for a while.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}
