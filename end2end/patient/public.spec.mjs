// The pages that anybody may find: what search engines read, and what somebody sees who has lost her way.
import { anyOf, doctors, read } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { main } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

async function headOf(page) {
  const attribute = (selector, name) => page.locator(selector).getAttribute(name);
  const data = await page.locator('script[type="application/ld+json"]').textContent();
  return {
    title: await page.title(),
    description: await attribute('meta[name="description"]', 'content'),
    canonical: await attribute('link[rel="canonical"]', 'href'),
    data: JSON.parse(data),
  };
}

withAndWithoutScripts(() => {
  test('a doctor has a page that search engines understand', async ({ page, request, baseURL }) => {
    const doctor = anyOf(await doctors(request));
    await page.goto(`/doctors/${doctor.id}?utm_source=elsewhere`);
    await expect(page.getByRole('heading', { level: 1, name: doctor.name })).toBeVisible();
    const head = await headOf(page);
    expect(head.title).toContain(doctor.name);
    expect(head.title).toContain(t('common.app_name'));
    expect(head.description).toContain(doctor.hospital.city);
    expect(head.canonical).toBe(new URL(`/doctors/${doctor.id}`, baseURL).href);
    expect(head.data).toMatchObject({ '@context': 'https://schema.org', '@type': 'Physician', name: doctor.name, url: head.canonical });
    await expect(main(page).locator('a.time-link').first()).toBeVisible();
  });

  test('a hospital has a page that search engines understand', async ({ page, request, baseURL }) => {
    const [doctor] = await doctors(request);
    const hospital = await read(request, `/hospitals/${doctor.hospital.id}`);
    await page.goto(`/hospitals/${hospital.id}`);
    await expect(page.getByRole('heading', { level: 1, name: hospital.name })).toBeVisible();
    const head = await headOf(page);
    expect(head.title).toContain(hospital.name);
    expect(head.description).toContain(hospital.city);
    expect(head.canonical).toBe(new URL(`/hospitals/${hospital.id}`, baseURL).href);
    expect(head.data).toMatchObject({ '@context': 'https://schema.org', '@type': 'Hospital', name: hospital.name, url: head.canonical });
    await expect(main(page).getByRole('link', { name: doctor.name, exact: true })).toBeVisible();
    await expect(main(page).getByRole('link', { name: hospital.phone })).toHaveAttribute('href', /^tel:\+/);
  });

  test('an address that leads nowhere gets a kind answer and the right status', async ({ page, gate }) => {
    gate.allow(404);
    const nobody = '00000000-0000-7000-8000-000000000000';
    for (const path of ['/nowhere', '/doctors/42', `/doctors/${nobody}`, `/hospitals/${nobody}`, `/book/${nobody}/reason`]) {
      const response = await page.goto(path);
      expect(response.status(), path).toBe(404);
      await expect(page.getByRole('heading', { level: 1, name: t('state.not_found_title') }), path).toBeVisible();
      await expect(main(page).getByRole('link', { name: t('state.find_doctor') }), path).toHaveAttribute('href', '/doctors');
      await expect(page, path).toHaveTitle(new RegExp(t('state.not_found_title')));
    }
  });
});

test('the map of the site leads to every public page and to nothing else', async ({ request, baseURL }) => {
  const doctor = anyOf(await doctors(request));
  const map = await (await request.get('/sitemap.xml')).text();
  expect(map).toContain(`<loc>${new URL(`/doctors/${doctor.id}`, baseURL).href}</loc>`);
  expect(map).toContain(`<loc>${new URL(`/hospitals/${doctor.hospital.id}`, baseURL).href}</loc>`);
  expect(map).not.toMatch(/\/(appointments|book|hospital|sign-in)\b(?!s)/);
  const robots = await (await request.get('/robots.txt')).text();
  expect(robots).toContain('Disallow: /hospital/');
  expect(robots).toContain('/sitemap.xml');
});

test('a visitor chooses dark, and it stays so', async ({ page }) => {
  await page.goto('/doctors?specialty=cardiology');
  await page.getByRole('button', { name: t('ui.theme_dark') }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: t('ui.theme_system') }).click();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme', 'dark');
});
