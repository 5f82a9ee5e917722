/**
 * The types of what listeners are given, for listeners that get a name and lose the type that their place gave them.
 */

const EVENT_TYPES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    UIEvent: 'resize',
    MouseEvent: 'click dblclick mousedown mouseup mousemove mouseenter mouseleave mouseover mouseout',
    PointerEvent:
      'pointerdown pointerup pointermove pointercancel pointerenter pointerleave pointerover pointerout contextmenu auxclick',
    KeyboardEvent: 'keydown keyup keypress',
    FocusEvent: 'focus blur focusin focusout',
    WheelEvent: 'wheel',
    TouchEvent: 'touchstart touchmove touchend touchcancel',
    DragEvent: 'drag dragstart dragend dragenter dragleave dragover drop',
    ClipboardEvent: 'copy cut paste',
    InputEvent: 'beforeinput',
    TransitionEvent: 'transitionstart transitionend transitionrun transitioncancel',
    AnimationEvent: 'animationstart animationend animationiteration animationcancel',
    StorageEvent: 'storage',
    HashChangeEvent: 'hashchange',
    PopStateEvent: 'popstate',
    PageTransitionEvent: 'pageshow pagehide',
    BeforeUnloadEvent: 'beforeunload',
    PromiseRejectionEvent: 'unhandledrejection rejectionhandled',
  }).flatMap(([type, names]) => names.split(' ').map((name) => [name, type])),
);

/** Events that are plain ones on every target of the platform. */
const PLAIN = new Set(
  'scroll scrollend online offline load change input select visibilitychange fullscreenchange abort afterprint beforeprint languagechange readystatechange DOMContentLoaded'.split(
    ' ',
  ),
);

/**
 * What a listener for events of one name is given by windows, documents and elements; null where the target decides.
 */
export function eventType(name: string): string | null {
  // `toString` is no event.
  return (Object.hasOwn(EVENT_TYPES, name) ? EVENT_TYPES[name] : null) ?? (PLAIN.has(name) ? 'Event' : null);
}
