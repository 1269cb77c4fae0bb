import { done, type Caller } from './call';
import { Problem, problemFrom } from './problem';
import type { Upload } from './types';

/** What is brought in to be sent. */
export function uploadCalls(caller: Caller, baseUrl: string) {
  return {
    /** Brings a file in; `told` hears how much of it has gone, from 0 to 1. Nothing but XMLHttpRequest tells that. */
    bringFile: (id: string, file: File, told: (part: number) => void, signal: AbortSignal) =>
      new Promise<Upload>((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open('POST', `${baseUrl}/api/v1/conversations/${id}/files`);
        request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
        request.upload.onprogress = ({ loaded, total }) => told(total > 0 ? loaded / total : 0);
        request.onload = () => {
          const body = parsed(request.responseText);
          if (request.status === 201) resolve(body as Upload);
          else reject(problemFrom(request.status, body));
        };
        request.onerror = () => reject(new Problem(0, 'unreachable'));
        request.onabort = () => reject(new Problem(0, 'aborted'));
        signal.addEventListener('abort', () => request.abort());
        request.send(file);
      }),
    dropFile: (id: string, file: string) =>
      done(caller.DELETE('/api/v1/conversations/{id}/files/{file}', { params: { path: { id, file } } })),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
