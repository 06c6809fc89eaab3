// What makes CareSync an application of the device: the manifest, its pictures, the worker, and what is said without a connection.
import { alive, inControl } from '../fixtures/hydration.mjs';
import { expect, test } from '../fixtures/journey.mjs';
import { signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

test('the manifest says what an installed CareSync is', async ({ page, request }) => {
  await page.goto('/');
  const href = await page.locator('link[rel="manifest"]').getAttribute('href');
  const response = await request.get(href);
  expect(response.headers()['content-type']).toContain('application/manifest+json');
  const manifest = await response.json();
  expect(manifest).toMatchObject({ id: '/', name: 'CareSync', scope: '/', display: 'standalone' });
  expect(new URL(manifest.start_url, page.url()).pathname).toBe('/');
  for (const colour of ['theme_color', 'background_color']) expect(manifest[colour]).toMatch(/^#[0-9a-f]{6}$/i);

  const purposes = new Set(manifest.icons.map((icon) => icon.purpose));
  expect([...purposes].sort()).toEqual(['any', 'maskable', 'monochrome']);
  for (const size of ['192x192', '512x512']) expect(manifest.icons.some((icon) => icon.sizes === size && icon.purpose === 'any')).toBe(true);
  const pictures = [...manifest.icons, ...manifest.shortcuts.flatMap((shortcut) => shortcut.icons)];
  for (const { src, sizes, type } of pictures) {
    const size = await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    if (sizes !== 'any') expect(size, src).toBe(sizes);
    expect((await request.get(src)).headers()['content-type'], src).toContain(type);
  }
  for (const { url } of manifest.shortcuts) expect((await request.get(url)).ok(), url).toBe(true);
});

test('the browser finds nothing that stands in the way of installing', async ({ page }) => {
  await page.goto('/');
  await inControl(page);
  const session = await page.context().newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A window of a test is a private one, in which nothing can be installed.
  const errors = installabilityErrors.map(({ errorId }) => errorId).filter((error) => error !== 'in-incognito');
  expect(errors).toEqual([]);
});

test('without a connection there is a page that says what to do', async ({ page, context, gate }) => {
  gate.allowText('net::ERR_INTERNET_DISCONNECTED');
  await page.goto('/');
  await inControl(page);
  await context.setOffline(true);
  await page.goto('/doctors');
  await expect(page.getByRole('heading', { level: 1, name: t('offline.title') })).toBeVisible();
  await expect(page.getByText(t('offline.emergency'))).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/doctors');
  const styled = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(styled, 'the styles are there too').not.toBe('rgba(0, 0, 0, 0)');

  await context.setOffline(false);
  await page.getByRole('link', { name: t('common.try_again') }).click();
  await expect(page.getByRole('heading', { level: 1, name: t('find.title') })).toBeVisible();
});

test('a page comes alive with one fetch of each part', async ({ page }) => {
  const fetched = [];
  await signIn(page, 'patient@demo.example');
  // What the page before still asks for is not counted.
  await alive(page);
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.reload();
  await alive(page);
  const parts = fetched.filter((path) => /\.(wasm|js)$/.test(path) && path.startsWith('/pkg/'));
  expect(parts.some((path) => path.endsWith('.wasm'))).toBe(true);
  expect(parts).toEqual([...new Set(parts)]);
});
