// The desk's queue: somebody comes without a time, gets a number, is called in and done; the wall shows numbers and nobody's name.
// Which moment a walk-in gets, and when a patient may say that she is here, is tested with the services: journeys have the real clock.
import { bookVisit, create, doctors, hospitalOf, newPatient, read } from '../fixtures/house.mjs';
import { alive } from '../fixtures/hydration.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { ADMIN, DESK, main, signIn, unique } from '../fixtures/people.mjs';
import { like, t } from '../fixtures/words.mjs';

// In the last hour of the hospital's day nobody is taken in any more.
const LAST_HOUR = /T23:/;

/** Whether the hospital's day is over for walk-ins. */
async function tooLate(request, hospital) {
  const { now } = await read(request, `/hospitals/${hospital.id}/queue`, hospital.token);
  return LAST_HOUR.test(now);
}

/** Somebody whom nobody knows, taken in over the API. */
async function walkIn(request, hospital) {
  const [doctor] = await doctors(request, hospital.id);
  const name = unique();
  const newcomer = { full_name: `Wanda ${name[0].toUpperCase()}${name.slice(1)}`, birth_date: '1966-06-06' };
  return create(request, `/hospitals/${hospital.id}/walk-ins`, hospital.token, { newcomer, visit_type_id: doctor.visit_types[0].id });
}

function column(page, name) {
  return main(page).getByRole('region', { name: new RegExp(`^${t(`queue.${name}`)} `) });
}

function card(page, name, of) {
  return column(page, name).getByRole('listitem').filter({ hasText: of });
}

withAndWithoutScripts(() => {
  test('somebody new comes without a time and goes through the queue', { tag: '@engine' }, async ({ page, request }) => {
    const hospital = await hospitalOf(request, DESK);
    test.skip(await tooLate(request, hospital), 'it is almost midnight at the hospital');
    const name = `Wilma ${unique()}`;
    await signIn(page, DESK, { next: `/hospital/${hospital.id}/queue` });
    await main(page).getByRole('link', { name: t('queue.walk_in') }).click();
    await page.getByLabel(t('walk_in.name')).fill(name);
    // Doctors are looked for on the same page.
    await page.getByRole('search').filter({ hasText: t('walk_in.name') }).getByRole('button').click();
    await page.getByLabel(t('walk_in.somebody_new', { name })).check();
    await page.getByLabel(t('walk_in.birth_date'), { exact: true }).fill('1966-06-06');
    const kinds = page.getByLabel(t('walk_in.with')).locator('option[value^="kind:"]');
    await page.getByLabel(t('walk_in.with')).selectOption(await kinds.first().getAttribute('value'));
    await main(page).getByRole('button', { name: t('walk_in.action') }).click();

    await expect(page).toHaveURL(/\/queue\?taken=/);
    await expect(main(page).locator('.notice-success')).toContainText(name);
    const waits = card(page, 'arrived', name);
    await expect(waits).toContainText(t('queue.walked_in'));
    await expect(waits).toContainText(t('hospital_visit.born', { date: '6 Jun 1966' }));
    await expect(waits.locator('.queue-number')).toHaveText(/\d+$/);
    await waits.getByRole('button', { name: t('hospital_visit.start') }).click();
    await card(page, 'in_room', name).getByRole('button', { name: t('hospital_visit.complete') }).click();
    await expect(card(page, 'done', name)).toBeVisible();
    await expect(card(page, 'in_room', name)).toHaveCount(0);
  });

  test('a walk-in without a date of birth keeps what was typed', async ({ page, request, gate }) => {
    gate.allow(422);
    const hospital = await hospitalOf(request, DESK);
    const name = `Wilma ${unique()}`;
    await signIn(page, DESK, { next: `/hospital/${hospital.id}/walk-in?name=${encodeURIComponent(name)}` });
    const kinds = page.getByLabel(t('walk_in.with')).locator('option[value^="kind:"]');
    const kind = await kinds.first().getAttribute('value');
    await page.getByLabel(t('walk_in.with')).selectOption(kind);
    await page.getByLabel(t('hospital_visit.reason')).fill('Fell off a bicycle');
    await main(page).getByRole('button', { name: t('walk_in.action') }).click();
    await expect(main(page).locator('#form-errors')).toBeVisible();
    await expect(page.getByLabel(t('walk_in.with'))).toHaveValue(kind);
    await expect(page.getByLabel(t('hospital_visit.reason'))).toHaveValue('Fell off a bicycle');
  });

  test('the queue of one doctor stands in the address', async ({ page, request }) => {
    const hospital = await hospitalOf(request, DESK);
    test.skip(await tooLate(request, hospital), 'it is almost midnight at the hospital');
    const visit = await walkIn(request, hospital);
    await signIn(page, DESK, { next: `/hospital/${hospital.id}/queue?doctor=${visit.doctor_id}` });
    await expect(card(page, 'arrived', visit.patient_name)).toBeVisible();
    const nobody = '00000000-0000-7000-8000-000000000000';
    await page.goto(`/hospital/${hospital.id}/queue?doctor=${nobody}`);
    await expect(main(page).getByText(t('queue.nobody_arrived'))).toBeVisible();
  });

  test('an administrator makes an address for the wall, and the wall has numbers and no names', { tag: '@engine' }, async ({ page, request, another, gate }) => {
    gate.allow(404);
    const hospital = await hospitalOf(request, ADMIN);
    test.skip(await tooLate(request, hospital), 'it is almost midnight at the hospital');
    const visit = await walkIn(request, hospital);
    await create(request, `/appointments/${visit.id}/start`, hospital.token, {});
    // Over the API: whoever makes one by the form ends the address of another journey.
    const { address } = await create(request, `/hospitals/${hospital.id}/wall-address`, hospital.token);
    const screen = await another({ javaScriptEnabled: false });
    const path = new URL(address).pathname;
    const answer = await screen.goto(path);
    test.skip(answer.status() === 404, 'another journey has made an address meanwhile');
    await expect(screen.getByRole('heading', { name: t('wall.called') })).toBeVisible();
    const shown = await screen.content();
    expect(shown).not.toContain(visit.patient_name);
    expect(shown).not.toContain(visit.patient_id);
    expect(shown).not.toContain(visit.birth_date);
    expect(shown).not.toContain('6 Jun 1966');
    await signIn(page, ADMIN, { next: `/hospital/${hospital.id}/settings` });
    await expect(main(page).getByRole('heading', { name: t('queue.wall_title') })).toBeVisible();
    await expect(main(page).getByText(t('queue.wall_renew'), { exact: true }).first()).toBeVisible();
  });
});

test('whose button was pressed is told, and the focus goes with her card', async ({ page, request }) => {
  const hospital = await hospitalOf(request, DESK);
  test.skip(await tooLate(request, hospital), 'it is almost midnight at the hospital');
  const { patient_name: patient, ticket: number } = await walkIn(request, hospital);
  await signIn(page, DESK, { next: `/hospital/${hospital.id}/queue` });
  await alive(page);
  await card(page, 'arrived', patient).getByRole('button', { name: t('hospital_visit.start') }).click();
  await expect(card(page, 'in_room', patient)).toBeFocused();
  await expect(page.locator('#live-polite')).toHaveText(t('queue.told_number', { number, patient, column: t('queue.in_room') }));
});

test('the wall of the portal changes by itself, and shows nobody', async ({ page, request }) => {
  const hospital = await hospitalOf(request, DESK);
  test.skip(await tooLate(request, hospital), 'it is almost midnight at the hospital');
  await signIn(page, DESK, { next: `/hospital/${hospital.id}/wall` });
  await alive(page);
  await expect(page.getByText(like('wall.waiting'))).toBeVisible();
  const visit = await walkIn(request, hospital);
  await create(request, `/appointments/${visit.id}/start`, hospital.token, {});
  await expect(main(page).locator('.wall-number').filter({ hasText: new RegExp(`^${visit.ticket}$`) })).toBeVisible();
  await expect(main(page)).not.toContainText(visit.patient_name);
});

test('a patient whom the desk receives reads her number on her own page', async ({ page, request }) => {
  const hospital = await hospitalOf(request, ADMIN);
  const person = await newPatient(request);
  const visit = await bookVisit(request, person, { hospital: hospital.id });
  await signIn(page, person.email, { password: person.password, next: `/appointments/${visit.id}` });
  await alive(page);
  const here = await create(request, `/appointments/${visit.id}/arrive`, hospital.token, {});
  await expect(main(page).getByText(t('queue.your_number', { number: here.ticket }))).toBeVisible();
});
