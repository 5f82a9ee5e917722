export class ClockElement extends HTMLElement {
  #observer = new ResizeObserver(() => this.#draw());
  #frame = 0;

  connectedCallback(): void {
    this.#observer.observe(this);
    document.addEventListener('visibilitychange', () => this.#draw());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', this.#draw);
    this.#tick();
  }

  disconnectedCallback(): void {
    this.textContent = '';
  }

  #tick = (): void => {
    this.#draw();
    this.#frame = requestAnimationFrame(this.#tick);
  };

  #draw = (): void => {
    this.textContent = new Date().toLocaleTimeString();
  };
}

customElements.define('wall-clock', ClockElement);
