// A doctor opens a record in an emergency, an administrator looks at it, and finds it in the record of accesses.
import { bookVisit, doctors, hospitalOf, newPatient } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { ADMIN, DESK, DOCTOR, main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

const REASON = 'Brought in unconscious, nobody with her.';

/** A patient of the doctor's hospital whom she does not treat. */
async function notInCare(request) {
  const own = await hospitalOf(request, DOCTOR);
  const person = await newPatient(request);
  const doctor = (await doctors(request, own.id)).find((other) => other.id !== own.doctor);
  await bookVisit(request, person, { doctor });
  return { own, person, path: `/hospital/${own.id}/patients/${person.patient_id}` };
}

async function declare(page, person) {
  await page.getByLabel(t('emergency.full_name')).fill(person.full_name);
  await page.getByLabel(t('emergency.birth_date')).fill(person.birth_date);
  await page.getByLabel(t('emergency.reason')).fill(REASON);
  await page.getByRole('button', { name: t('emergency.action') }).click();
}

withAndWithoutScripts(() => {
  test('a closed record opens for an hour, and somebody looks at it', async ({ page, another, request, gate }) => {
    gate.allow(404);
    const { own, person, path } = await notInCare(request);
    await signIn(page, DOCTOR);
    await page.goto(path);
    await expect(main(page)).not.toContainText(person.full_name);
    await main(page).getByRole('link', { name: t('emergency.not_in_care_link') }).click();
    await expect(main(page)).toContainText(t('emergency.happens_patient'));
    await declare(page, person);
    await expect(page.getByRole('heading', { level: 1, name: person.full_name })).toBeVisible();

    const office = await another();
    await signIn(office, ADMIN, { next: `/hospital/${own.id}/emergencies` });
    const card = main(office).getByRole('article').filter({ hasText: person.full_name });
    await expect(card).toContainText(REASON);
    await card.getByText(t('emergency.review'), { exact: true }).click();
    await card.getByRole('radio', { name: t('emergency.justified'), exact: true }).check();
    await card.getByRole('button', { name: t('emergency.review_action') }).click();
    await expect(card.getByRole('button')).toHaveCount(0);
    await expect(card).toContainText(t('emergency.justified'));
    await card.getByRole('link', { name: t('emergency.trail') }).click();
    await expect(main(office).getByRole('table')).toContainText(t('access_action.read_patient'));
    await expect(main(office).getByRole('table')).toContainText(REASON);
  });

  test('what cannot be is refused and keeps what was typed', async ({ page, another, request, gate }) => {
    gate.allow(422);
    const { own, person } = await notInCare(request);
    await signIn(page, DOCTOR, { next: `/hospital/${own.id}/emergency` });
    await declare(page, { ...person, full_name: 'Nobody Knows' });
    await expect(main(page).getByRole('alert')).toContainText(t('error.patient_unknown'));
    await expect(page.getByLabel(t('emergency.reason'))).toHaveValue(REASON);

    await declare(page, person);
    await expect(page.getByRole('heading', { level: 1, name: person.full_name })).toBeVisible();
    const office = await another();
    await signIn(office, ADMIN, { next: `/hospital/${own.id}/emergencies` });
    const card = main(office).getByRole('article').filter({ hasText: person.full_name });
    await card.getByText(t('emergency.review'), { exact: true }).click();
    await card.getByRole('radio', { name: t('emergency.not_justified') }).check();
    await card.getByRole('button', { name: t('emergency.review_action') }).click();
    await expect(main(office).getByRole('alert')).toBeVisible();
    await expect(card.getByRole('radio', { name: t('emergency.not_justified') })).toBeChecked();
    await expect(main(office).locator('.field-error')).toHaveCount(1);
  });

  test('the record of accesses is narrowed by choices that stand in the address', async ({ page, request }) => {
    const hospital = await hospitalOf(request, ADMIN);
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/audit` });
    await page.getByLabel(t('audit.action'), { exact: true }).selectOption('read_audit');
    await page.getByRole('button', { name: t('audit.search'), exact: true }).click();
    await expect(page).toHaveURL(/action=read_audit/);
    await page.reload();
    const rows = main(page).getByRole('row');
    await expect(rows.nth(1)).toContainText(t('access_action.read_audit'));
    const somebody = rows.nth(1).getByRole('link').first();
    const who = await somebody.innerText();
    await somebody.click();
    await expect(main(page)).toContainText(t('audit.only_by', { who }));
    // The link asks for the password first where the last time is too long ago.
    const link = await main(page).getByRole('link', { name: t('audit.export') }).getAttribute('href');
    const file = await page.request.get(new URL(link, page.url()).searchParams.get('next'));
    expect(file.status()).toBe(200);
    expect(file.headers()['content-type']).toContain('text/csv');
    expect(await file.text()).toContain('read_audit');
  });
});

test('a page that is not there tells the desk nothing about emergencies', async ({ page, request, gate }) => {
  gate.allow(404);
  const hospital = await hospitalOf(request, DESK);
  await signIn(page, DESK);
  for (const path of ['emergency', 'nowhere']) {
    await page.goto(`/hospital/${hospital.id}/${path}`);
    await expect(main(page).getByText(t('emergency.not_in_care'))).toHaveCount(0);
  }
});
