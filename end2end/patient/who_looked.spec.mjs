// Who looked at one's record: in plain words, with a question to the hospital and its answer, and news of an emergency.
import { bookVisit, create, doctors, hospitalOf, newPatient, read, tokenOf } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { ADMIN, DESK, DOCTOR, main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

const QUESTION = 'Why did you read my visit?';
const REASON = 'Brought in unconscious, nobody with her.';

/** A patient whose visit the desk has read three times. */
async function lookedAt(request) {
  const hospital = await hospitalOf(request, DESK);
  const person = await newPatient(request);
  const visit = await bookVisit(request, person, { hospital: hospital.id });
  for (let time = 0; time < 3; time += 1) await read(request, `/appointments/${visit.id}`, hospital.token);
  return { hospital, person };
}

/** The line of the desk on the page. */
function deskLine(page) {
  return main(page).locator('.looks > li').filter({ hasText: t('access_role.desk') }).first();
}

withAndWithoutScripts(() => {
  test('a patient reads who looked, asks, and is answered', async ({ page, another, request }) => {
    const { hospital, person } = await lookedAt(request);
    await signIn(page, person.email, { password: person.password });
    await main(page).getByRole('link', { name: t('who_looked.title') }).click();
    await expect(page.getByRole('heading', { level: 1, name: t('who_looked.title') })).toBeVisible();
    const line = deskLine(page);
    await expect(line).toContainText(t('access_to_you.read_appointment', { whose: t('who_looked.your') }));
    await expect(line).toContainText(t('who_looked.times', { count: 3 }));
    await expect(line).toContainText(hospital.name);
    // What she did herself is folded away.
    const own = main(page).locator('details').last();
    await expect(own.locator('li').first()).toBeHidden();
    await own.locator('summary').click();
    await expect(own).toContainText(t('access_to_you.book_appointment', { whom: t('who_looked.you') }));

    await line.getByText(t('who_looked.ask'), { exact: true }).click();
    await line.getByLabel(t('who_looked.question')).fill(QUESTION);
    await line.getByRole('button', { name: t('who_looked.ask_action') }).click();
    await expect(main(page)).toContainText(t('who_looked.asked'));
    await expect(main(page)).toContainText(QUESTION);
    await expect(main(page)).toContainText(t('who_looked.no_answer'));

    const office = await another();
    await signIn(office, ADMIN, { next: `/hospital/${hospital.id}/audit/questions` });
    const card = main(office).getByRole('article').filter({ hasText: person.full_name });
    await expect(card).toContainText(QUESTION);
    await card.getByText(t('audit.write'), { exact: true }).click();
    await card.getByLabel(t('audit.answer')).fill('To confirm it with your doctor.');
    await card.getByRole('button', { name: t('audit.answer_action') }).click();
    await expect(card).toContainText(t('audit.answered'));
    await page.goto('/who-looked');
    await expect(main(page)).toContainText('To confirm it with your doctor.');
  });

  test('an empty question is refused beside the line it is about', async ({ page, request, gate }) => {
    gate.allow(422);
    const { person } = await lookedAt(request);
    await signIn(page, person.email, { password: person.password, next: '/who-looked' });
    await deskLine(page).getByText(t('who_looked.ask'), { exact: true }).click();
    await deskLine(page).getByRole('button', { name: t('who_looked.ask_action') }).click();
    await expect(main(page).getByRole('alert')).toContainText(t('error.required'));
    await expect(deskLine(page).locator('.field-error')).toBeVisible();
    await expect(main(page).locator('.field-error')).toHaveCount(1);
  });

  test('an emergency is told on the first page', async ({ page, request }) => {
    const own = await hospitalOf(request, DOCTOR);
    const person = await newPatient(request);
    const doctor = (await doctors(request, own.id)).find((other) => other.id !== own.doctor);
    await bookVisit(request, person, { doctor });
    const { full_name, birth_date } = person;
    await create(request, `/hospitals/${own.id}/emergencies`, await tokenOf(request, DOCTOR), { full_name, birth_date, reason: REASON });
    await signIn(page, person.email, { password: person.password, next: '/' });
    await expect(main(page)).toContainText(t('who_looked.news_title'));
    await expect(main(page)).toContainText(REASON);
    await main(page).getByRole('link', { name: t('who_looked.news_link') }).click();
    await expect(main(page)).toContainText(t('who_looked.emergency_title'));
    await expect(main(page)).toContainText(REASON);
  });
});
