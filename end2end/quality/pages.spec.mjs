// Looks at every page of the house in every dress: phone and desktop, light and dark; and at the HTML that the server sent.
// The pictures lie in test-results/pages, to be looked at by a person.
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { violations } from '../fixtures/axe.mjs';
import { mistakes } from '../fixtures/markup.mjs';
import { PAGES } from '../fixtures/pages.mjs';
import { expect, test } from '../fixtures/viewer.mjs';

const DRESSES = [
  ['desktop', { width: 1280, height: 900 }],
  ['phone', { width: 390, height: 844 }],
].flatMap(([device, size]) => ['light', 'dark'].map((scheme) => ({ device, size, scheme })));

/** How far the page can be pushed sideways. */
function overflow() {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

/** What reaches beyond the window, for a message. */
function widest() {
  const beyond = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
  return beyond.slice(-3).map((element) => `${element.tagName}.${element.className}`).join(', ');
}

/** Takes a picture. A frame can be late, or be lost, on a machine that is busy; that is no mistake of the page, so it is tried twice. */
async function picture(page, file) {
  const taken = () => page.screenshot({ path: file, fullPage: true, timeout: 30_000 });
  await taken().catch(taken);
}

test.describe.configure({ timeout: 150_000 });

for (const [role, pages] of Object.entries(PAGES)) {
  test.describe(`as ${role}`, () => {
    for (const [name, address, statuses = [200]] of pages) {
      test(name, async ({ as, world, gate, request }, info) => {
        for (const status of statuses.filter((status) => status >= 400)) gate.allow(status);
        const pictures = path.join(info.project.outputDir, 'pages');
        mkdirSync(pictures, { recursive: true });
        const page = await as(role, { reducedMotion: 'reduce' });
        // What ends when another worker makes the next is made just before it is looked at.
        const target = await address(world, request);
        const response = await page.goto(target);
        expect(statuses, `${target} answers ${response.status()}`).toContain(response.status());
        const html = await response.text();
        await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
        expect(await page.title(), 'the title of the page').toMatch(/CareSync/);
        await page.evaluate(() => document.fonts.ready.then(() => undefined));

        expect.soft(await mistakes(html, target), 'mistakes in the HTML').toEqual([]);
        for (const { device, size, scheme } of DRESSES) {
          await page.setViewportSize(size);
          await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
          await picture(page, path.join(pictures, `${role}-${name}-${device}-${scheme}.png`));
          // In the dark only the colours are others.
          const rules = scheme === 'dark' ? ['color-contrast', 'link-in-text-block'] : undefined;
          expect.soft(await violations(page, rules), `axe, ${device}, ${scheme}`).toEqual([]);
        }
        await page.setViewportSize({ width: 320, height: 640 });
        expect.soft(await page.evaluate(overflow), `sideways at 320 pixels: ${await page.evaluate(widest)}`).toBeLessThanOrEqual(0);
        // Text twice as large, as people set it on their phones.
        await page.setViewportSize({ width: 390, height: 844 });
        await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
        await picture(page, path.join(pictures, `${role}-${name}-phone-large.png`));
        expect.soft(await page.evaluate(overflow), `sideways with large text: ${await page.evaluate(widest)}`).toBeLessThanOrEqual(0);
      });
    }
  });
}
