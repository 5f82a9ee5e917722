export { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
