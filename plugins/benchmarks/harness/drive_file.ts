/** Where Google Drive serves a file that anybody may read. */
export function driveFile(id: string): string {
  return `https://drive.usercontent.google.com/download?id=${id}&export=download`;
}
