import {
  AnnotationMode,
  getDocument,
  GlobalWorkerOptions,
  InvalidPDFException,
  PasswordException,
  TextLayer,
  type PDFDocumentLoadingTask,
  type PDFPageProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';

// Where the build puts the decoders of scanned pages (build/pdf.ts).
declare const __PDF_DECODERS__: string;

GlobalWorkerOptions.workerSrc = worker;

// Above this a canvas is refused or takes all memory: 4096 x 4096 points.
const mostPoints = 2 ** 24;

/**
 * Opens a PDF that anybody may have made. Only what a page needs is asked for, in ranges, and
 * each of them by whoever is logged in. Nothing in it runs: no scripts, no XFA, no links, and
 * nothing is asked of others. It is drawn by a worker of our own origin, without WebAssembly.
 */
export function openPaper(url: string): PDFDocumentLoadingTask {
  return getDocument({
    url,
    rangeChunkSize: 2 ** 18,
    disableAutoFetch: true,
    disableStream: true,
    disableWorkerRendering: true,
    enableXfa: false,
    useWasm: false,
    useWorkerFetch: false,
    wasmUrl: __PDF_DECODERS__,
    maxImageSize: 50_000_000,
    verbosity: 0,
  });
}

export type Fault = 'broken' | 'locked' | 'unreachable';

/** Why it is not shown. */
export function faultOf(error: unknown): Fault {
  if (error instanceof PasswordException) return 'locked';
  return error instanceof InvalidPDFException ? 'broken' : 'unreachable';
}

/** A page as it is shown: the picture of it, and its text above it for eyes that do not see it. */
export type Sheet = { canvas: HTMLCanvasElement; text: HTMLElement; says: boolean };

/** Draws a page so wide, in points of the page's own. */
export async function drawSheet(page: PDFPageProxy, width: number, signal: AbortSignal): Promise<Sheet> {
  const plain = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: width / plain.width });
  const dense = Math.min(window.devicePixelRatio || 1, Math.sqrt(mostPoints / (viewport.width * viewport.height)));
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(viewport.width * dense);
  canvas.height = Math.floor(viewport.height * dense);
  canvas.style.width = `${viewport.width}px`;
  canvas.style.height = `${viewport.height}px`;
  const drawing = page.render({ canvas, viewport, transform: [dense, 0, 0, dense, 0, 0], annotationMode: AnnotationMode.ENABLE });
  signal.addEventListener('abort', () => drawing.cancel());
  await drawing.promise;
  const content = await page.getTextContent();
  const text = document.createElement('div');
  text.className = 'words';
  text.style.setProperty('--total-scale-factor', String(viewport.scale));
  await new TextLayer({ textContentSource: content, container: text, viewport }).render();
  return { canvas, text, says: content.items.some((item) => 'str' in item && item.str.trim() !== '') };
}
