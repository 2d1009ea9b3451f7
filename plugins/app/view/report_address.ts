/** Where a run's report is served. */
export function reportAddress(id: string): string {
  return `/runs/${id.split("/").map(encodeURIComponent).join("/")}/report.html`;
}
