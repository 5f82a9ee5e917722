import { useEffect, useState } from 'react';

export function Chat({ room }: { room: string }) {
  const [lines, setLines] = useState<string[]>([]);
  const [now, setNow] = useState(Date.now());
  const [isTyping, setTyping] = useState(false);

  useEffect(() => {
    const socket = new WebSocket(`wss://chat/${room}`);
    socket.addEventListener('message', (event) => setLines((previous) => [...previous, String(event.data)]));
  }, [room]);

  useEffect(() => {
    setInterval(() => setNow(Date.now()), 1_000);
  }, []);

  useEffect(() => {
    const onKey = () => setTyping(true);
    window.addEventListener('keydown', onKey, { capture: true });
    const quiet = setTimeout(() => setTyping(false), 3_000);
    return () => window.removeEventListener('keydown', onKey);
  }, [isTyping]);

  useEffect(() => {
    const controller = new AbortController();
    fetch(`/rooms/${room}/history`, { signal: controller.signal })
      .then((response) => response.json())
      .then((history: string[]) => setLines(history));
  }, [room]);

  return <ul title={`${room}, ${now}`} data-typing={isTyping}>{lines.map((line) => <li>{line}</li>)}</ul>;
}
