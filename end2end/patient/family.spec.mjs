// Acting for somebody else: a child, a parent who asks, the account that a grown child gets; and that no second tab acts for the wrong one.
import { anyOf, bookVisit, create, doctors, newPatient, read, tell } from '../fixtures/house.mjs';
import { bookNow, chooseReason, chooseTime, expectBooked } from '../fixtures/booking.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { linkTo } from '../fixtures/mail.mjs';
import { main, signIn, unique } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** Specialties whose visits say too much about a person to be shown to everybody who helps. */
const PRIVATE = ['gynaecology', 'psychiatry', 'urology'];

/** A day in the middle of the year so many years ago: the birthday is not today. */
function bornYearsAgo(years) {
  const now = new Date();
  return `${now.getUTCFullYear() - years - 1}-${now.getUTCMonth() < 6 ? '12' : '01'}-15`;
}

/** A doctor whom everybody may book who helps. */
async function plainDoctor(request) {
  const open = (await doctors(request)).filter((doctor) => !doctor.specialties.some((code) => PRIVATE.includes(code)));
  return anyOf(open.filter((doctor) => doctor.visit_types.length > 1));
}

/** A child, typed in on the page. */
async function addChild(page, name, born) {
  await page.goto('/family');
  await main(page).getByRole('link', { name: t('family.child_add') }).click();
  await page.getByLabel(t('family.child_name')).fill(name);
  await page.getByLabel(t('family.child_born')).fill(born);
  await main(page).getByRole('button', { name: t('family.child_action') }).click();
  await expect(main(page).getByText(t('family.done_child'))).toBeVisible();
  await expect(main(page).getByRole('heading', { level: 3, name })).toBeVisible();
}

/** The card of a person on the page of the family. */
function cardOf(page, name) {
  return main(page).locator('.card').filter({ has: page.getByRole('heading', { level: 3, name }) });
}

/** The strip that says for whom the page is. */
function banner(page) {
  return page.locator('.acting-banner');
}

withAndWithoutScripts(() => {
  test('a parent adds a child, books for it, and comes back to herself', async ({ page, request }) => {
    const parent = await newPatient(request);
    const doctor = await plainDoctor(request);
    const name = `Mia ${unique(6)}`;
    await signIn(page, parent.email, { password: parent.password, next: '/family' });
    await addChild(page, name, bornYearsAgo(5));

    await cardOf(page, name).getByRole('link', { name: t('patient.book_visit') }).click();
    await expect(banner(page)).toContainText(name);
    await page.getByLabel(t('find.doctor_name')).fill(doctor.name);
    await main(page).getByRole('button', { name: t('common.search') }).click();
    await main(page).getByRole('link', { name: doctor.name, exact: true }).click();
    await expect(banner(page)).toContainText(name);
    await main(page).getByRole('link', { name: `${t('find.book')} : ${doctor.visit_types[0].name}` }).click();
    await page.getByRole('link', { name: t('common.back'), exact: true }).click();
    await chooseReason(page, doctor.visit_types[1].name);
    await chooseTime(page);
    await expect(banner(page)).toContainText(name);
    await expect(main(page)).toContainText(name);
    await bookNow(page, 'A cough for a week');
    await expectBooked(page);
    await expect(banner(page)).toContainText(name);

    await banner(page).getByRole('link', { name: t('family.acting_back') }).click();
    await expect(banner(page)).toHaveCount(0);
    await expect(main(page).getByText(t('patient.no_upcoming'))).toBeVisible();
    await main(page).getByRole('link', { name: t('family.visits_of', { name }) }).click();
    await expect(page.getByRole('heading', { level: 1, name: t('family.visits_of', { name }) })).toBeVisible();
    await expect(main(page).getByRole('article')).toHaveCount(1);
    await main(page).getByRole('link', { name: t('family.myself') }).click();
    await expect(main(page).getByText(t('patient.no_upcoming'))).toBeVisible();
  });

  test('somebody is asked by mail, helps, and it is ended at once', { tag: '@engine' }, async ({ page, another, request, gate }) => {
    gate.allow(404);
    gate.allow(422);
    const [mother, son] = [await newPatient(request, 'Olga'), await newPatient(request, 'Sven')];
    const visit = await bookVisit(request, mother, { doctor: await plainDoctor(request) });
    await signIn(page, mother.email, { password: mother.password, next: '/family' });
    await main(page).getByRole('link', { name: t('family.ask') }).click();
    await main(page).getByRole('button', { name: t('family.ask_action') }).click();
    await expect(main(page).getByRole('alert')).toContainText(t('error.email_invalid'));
    await page.getByLabel(t('family.email')).fill(son.email);
    await page.getByRole('radio', { name: t('family.relation_child') }).check();
    await page.getByRole('checkbox', { name: t('family.may_book') }).check();
    await main(page).getByRole('button', { name: t('family.ask_action') }).click();
    await expect(main(page).getByText(t('family.done_asked'))).toBeVisible();
    await expect(main(page).getByText(t('family.waiting'))).toBeVisible();

    // The letter's link may be opened as often as one likes.
    const link = await linkTo(son.email, '/family/offers/');
    const phone = await another();
    await signIn(phone, son.email, { password: son.password, next: link });
    await phone.goto(link);
    await expect(main(phone)).toContainText(mother.full_name);
    await expect(main(phone)).toContainText(t('family.may_book'));
    await main(phone).getByRole('button', { name: t('family.accept') }).click();
    await expect(main(phone).getByText(t('family.done_accepted'))).toBeVisible();
    await cardOf(phone, mother.full_name).getByRole('link', { name: t('family.visits') }).click();
    await expect(banner(phone)).toContainText(mother.full_name);
    await main(phone).getByRole('article').getByRole('link').first().click();
    await expect(phone).toHaveURL(`/appointments/${visit.id}`);
    await expect(banner(phone)).toContainText(mother.full_name);

    // The mother reads that he looked, as what, and ends it.
    await page.goto('/who-looked');
    const line = main(page).locator('.looks > li').filter({ hasText: son.full_name }).first();
    await expect(line).toContainText(t('access_role.helper'));
    await page.goto('/family');
    // Behind a word of what it means.
    await cardOf(page, son.full_name).locator('summary', { hasText: t('family.end') }).click();
    await cardOf(page, son.full_name).getByRole('button', { name: t('family.end_action') }).click();
    await expect(cardOf(page, son.full_name)).toHaveCount(0);
    const response = await phone.goto(`/appointments/${visit.id}`);
    expect(response.status()).toBe(404);
    await phone.goto(link);
    await expect(main(phone).getByRole('heading', { level: 1, name: t('family.offer_gone') })).toBeVisible();
  });

  test('two tabs, two people: each form goes to the one that its page names', async ({ page, request }) => {
    const parent = await newPatient(request);
    const [mia, ben] = [`Mia ${unique(6)}`, `Ben ${unique(6)}`];
    const children = [];
    for (const full_name of [mia, ben]) {
      children.push(await create(request, '/family/children', parent.token, { full_name, birth_date: bornYearsAgo(5) }));
    }
    const doctor = await plainDoctor(request);
    await signIn(page, parent.email, { password: parent.password, next: '/family' });
    const second = await page.context().newPage();
    const start = `/book/${doctor.id}/time?visit_type=${doctor.visit_types[0].id}&patient=`;
    await page.goto(`${start}${children[0].id}`);
    await chooseTime(page);
    // Meanwhile the other tab has gone on to the other child, and to oneself.
    await second.goto(`/appointments?patient=${children[1].id}`);
    await expect(banner(second)).toContainText(ben);
    await second.goto('/');
    await expect(banner(second)).toHaveCount(0);
    await bookNow(page, 'For the one whom the page names');
    await expectBooked(page);
    await expect(banner(page)).toContainText(mia);
    const { items } = await read(request, '/appointments', parent.token);
    expect(items.map((item) => item.patient_name)).toEqual([mia]);
    await second.close();
  });

  test('a grown child takes over the record', async ({ page, another, request, gate }) => {
    gate.allow(422);
    const [parent, teen] = [await newPatient(request), await newPatient(request, 'Lea')];
    const name = `Lea ${unique(6)}`;
    const born = bornYearsAgo(14);
    await signIn(page, parent.email, { password: parent.password, next: '/family' });
    await addChild(page, name, born);
    await expect(cardOf(page, name)).not.toContainText(t('family.may_records'));
    await cardOf(page, name).getByRole('link', { name: t('family.account_give') }).click();
    await page.getByLabel(t('family.account_email')).fill(teen.email);
    await main(page).getByRole('button', { name: t('family.account_action') }).click();
    await expect(main(page).getByText(t('family.done_asked'))).toBeVisible();

    const phone = await another();
    await signIn(phone, teen.email, { password: teen.password, next: await linkTo(teen.email, '/family/offers/') });
    await phone.getByLabel(t('auth.birth_date')).fill('2001-01-01');
    await main(phone).getByRole('button', { name: t('family.account_accept') }).click();
    await expect(main(phone).getByRole('alert')).toContainText(t('error.not_this_date'));
    await phone.getByLabel(t('auth.birth_date')).fill(born);
    await main(phone).getByRole('button', { name: t('family.account_accept') }).click();
    await expect(main(phone).getByText(t('family.done_accepted'))).toBeVisible();
    await expect(cardOf(phone, parent.full_name)).toContainText(t('family.may_book'));
  });
});

test('nobody opens a question that was asked of somebody else', async ({ page, request, gate }) => {
  gate.allow(404);
  const [mother, son, stranger] = [await newPatient(request), await newPatient(request), await newPatient(request)];
  const offer = { email: son.email, relation: 'child', permissions: ['book'] };
  const { id } = await create(request, `/patients/${mother.patient_id}/helpers`, mother.token, offer);
  await signIn(page, stranger.email, { password: stranger.password });
  const response = await page.goto(`/family/offers/${id}`);
  expect(response.status()).toBe(404);
  await expect(main(page)).not.toContainText(mother.full_name);
  await tell(request, `/family/offers/${id}/answer`, son.token, { accept: false });
});
