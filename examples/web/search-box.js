export class SearchBox {
  /** @param {HTMLInputElement} input */
  constructor(input) {
    this.input = input;
    input.addEventListener('input', () => this.searchSoon());
    window.addEventListener('resize', () => this.place());
  }

  searchSoon() {
    this.timer = setTimeout(() => this.search(), 200);
  }

  async search() {
    this.controller = new AbortController();
    const request = fetch(`/search?q=${this.input.value}`, { signal: this.controller.signal });
    const deadline = new Promise((_, reject) => setTimeout(reject, 5_000));
    const response = await Promise.race([request, deadline]);
    this.show(await response.blob());
  }

  /** @param {Blob} preview */
  show(preview) {
    const image = document.createElement('img');
    image.src = URL.createObjectURL(preview);
    this.input.after(image);
  }

  place() {
    this.input.style.width = `${window.innerWidth / 2}px`;
  }

  destroy() {
    this.input.remove();
  }
}
