// For eyes and hands that need it otherwise: no motion, strong colours of the system, large text.
import { expect, test } from '../fixtures/viewer.mjs';

const PAGES = [
  ['visitor', () => '/'],
  ['visitor', (world) => `/book/${world.doctor.id}/time?visit_type=${world.kind.id}`],
  ['patient', (world) => `/appointments/${world.visit.id}`],
  ['desk', (world) => `/hospital/${world.here.id}?date=${world.visit.start.slice(0, 10)}`],
];

/** Every element that would move for longer than a moment. */
function moving() {
  const seconds = (text) => Math.max(...text.split(',').map((part) => Number.parseFloat(part) * (part.trim().endsWith('ms') ? 0.001 : 1)));
  return [...document.querySelectorAll('*')]
    .filter((element) => {
      const style = getComputedStyle(element);
      return seconds(style.transitionDuration) > 0.01 || (style.animationName !== 'none' && seconds(style.animationDuration) > 0.01);
    })
    .map((element) => `${element.tagName}.${element.getAttribute('class')}`);
}

test('nothing moves for somebody who asked for no motion', async ({ as, world }) => {
  for (const [role, address] of PAGES) {
    const page = await as(role, { reducedMotion: 'reduce' });
    await page.goto(address(world));
    expect(await page.evaluate(moving), address(world)).toEqual([]);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)).not.toBe('smooth');
  }
});

test('the colours of the system are taken over', async ({ as, world }) => {
  for (const [role, address] of PAGES) {
    const page = await as(role, { forcedColors: 'active' });
    await page.goto(address(world));
    const invisible = await page.evaluate(() =>
      [...document.querySelectorAll('main .button, main .badge, main input:not([type=hidden])')]
        .filter((element) => element.checkVisibility() && getComputedStyle(element).color === getComputedStyle(element).backgroundColor)
        .map((element) => element.outerHTML.slice(0, 80)));
    expect(invisible, address(world)).toEqual([]);
  }
});

test('text of twice the size stays in the window', async ({ as, world }) => {
  for (const [role, address] of PAGES) {
    const page = await as(role, { viewport: { width: 640, height: 900 } });
    await page.goto(address(world));
    // What a person sets in the browser: the size of the root.
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(':root { font-size: 200% }');
      document.adoptedStyleSheets = [sheet];
    });
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(sideways, address(world)).toBeLessThanOrEqual(0);
  }
});

test('what is touched by patients is large enough', async ({ as, world }) => {
  for (const [role, address] of PAGES.slice(0, 3)) {
    const page = await as(role, { viewport: { width: 390, height: 844 } });
    await page.goto(address(world));
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('main button, main .button, main select, main input:not([type=hidden], [type=radio], [type=checkbox]), main label.radio')]
        .filter((element) => element.checkVisibility())
        .map((element) => ({ height: element.getBoundingClientRect().height, what: element.outerHTML.slice(0, 90) }))
        .filter(({ height }) => height < 44));
    expect(small, address(world)).toEqual([]);
  }
});
