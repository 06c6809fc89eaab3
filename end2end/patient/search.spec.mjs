// Finding a doctor: filters live in the address, can be taken away one by one, and an empty answer offers a way on.
import { anyOf, doctors } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { main } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

withAndWithoutScripts(() => {
  test('from the front page by specialty', async ({ page, request }) => {
    const all = await doctors(request);
    // One whose specialty fits on a page: other journeys make dentists, and go on while this one looks.
    const like = (doctor) => all.filter((other) => other.specialties.includes(doctor.specialties[0])).length;
    const doctor = anyOf(all.filter((doctor) => doctor.specialties[0] !== 'dentistry' && like(doctor) <= 12));
    const specialty = t(`specialty.${doctor.specialties[0]}`);
    await page.goto('/');
    await main(page).getByLabel(t('find.specialty')).selectOption({ label: specialty });
    await main(page).getByRole('button', { name: t('find.search') }).click();
    await expect(page).toHaveURL(new RegExp(`[?&]specialty=${doctor.specialties[0]}`));
    await expect(main(page).getByRole('link', { name: doctor.name, exact: true })).toBeVisible();
    for (const line of await main(page).locator('.doctor-item-head p').allTextContents()) expect(line).toContain(specialty);
  });

  test('filters narrow the list and are taken away one by one', async ({ page }) => {
    await page.goto('/doctors?specialty=cardiology');
    const status = main(page).getByRole('status');
    const before = Number.parseInt(await status.textContent(), 10);
    expect(before).toBeGreaterThan(1);
    await main(page).locator('summary', { hasText: t('find.more_filters') }).click();
    await main(page).getByLabel(t('find.language')).selectOption({ label: t('language.tr') });
    await main(page).getByRole('button', { name: t('find.apply') }).click();
    await expect(page).toHaveURL(/language=tr/);
    await expect(status).toHaveText(t('find.found', { count: 1 }));

    const chips = main(page).getByRole('list', { name: t('find.filters') });
    await chips.getByRole('link', { name: t('language.tr') }).click();
    await expect(page).not.toHaveURL(/language=tr/);
    await expect(page).toHaveURL(/specialty=cardiology/);
    await expect(status).toHaveText(t('find.found', { count: before }));
  });

  test('an answer of nobody says what could be left out', async ({ page }) => {
    await page.goto('/doctors?name=nobody%20is%20called%20so&specialty=cardiology');
    await expect(main(page).getByRole('status')).toHaveText(t('find.none_found'));
    const without = t('find.without', { filter: '“nobody is called so”' });
    await main(page).getByRole('link', { name: without }).click();
    await expect(page).toHaveURL(/\/doctors\?specialty=cardiology$/);
    await expect(main(page).locator('.doctor-item').first()).toBeVisible();
  });

  test('the soonest come first, and there is a next page', async ({ page }) => {
    await page.goto('/doctors');
    const times = () => main(page).locator('.doctor-item').evaluateAll((items) =>
      items.map((item) => item.querySelector('a.time-link')?.getAttribute('href')).filter(Boolean)
        .map((href) => Date.parse(new URL(href, location.href).searchParams.get('start'))));
    const first = await times();
    expect(first.length).toBeGreaterThan(1);
    expect(first).toEqual([...first].sort((a, b) => a - b));
    await main(page).getByRole('link', { name: t('common.next_page') }).click();
    await expect(page).toHaveURL(/cursor=/);
    await expect(main(page).getByRole('link', { name: t('find.first_page') })).toBeVisible();
  });
});
