/** Sends a file, and says how far it is: fetch can not. */

import { ApiProblem, type ProblemDocument, Unreachable } from "@/api/client";

export function upload<T>(path: string, file: Blob, sent: (part: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Content-Type", "application/gzip");
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) sent(event.loaded / event.total);
    };
    request.upload.onload = () => sent(1);
    request.onerror = () => reject(new Unreachable("The hub was not reached."));
    request.onload = () => {
      const answer = request.response as unknown;
      if (request.status < 300) resolve(answer as T);
      else reject(new ApiProblem(problemOf(request.status, request.statusText, answer)));
    };
    request.send(file);
  });
}

function problemOf(status: number, title: string, answer: unknown): ProblemDocument {
  const found = (answer ?? {}) as Partial<ProblemDocument>;
  return { code: "failed", detail: "", title, ...found, status };
}
