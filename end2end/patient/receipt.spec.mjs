// A receipt as a file: whoever has paid saves it, with scripts and without, and its name tells nothing of anybody.
import { readFile } from 'node:fs/promises';
import { anyOf, create, doctors, freeTimes, hospitalOf, newPatient } from '../fixtures/house.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { DESK, main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

/** A visit that was paid for at the desk. */
async function paid(request) {
  const person = await newPatient(request);
  const hospital = await hospitalOf(request, DESK);
  const atDesk = (kind) => !kind.prepaid && kind.price.amount_minor > 0;
  const doctor = anyOf((await doctors(request, hospital.id)).filter((doctor) => doctor.visit_types.some(atDesk)));
  const kind = doctor.visit_types.find(atDesk);
  const start = anyOf(await freeTimes(request, doctor.id, kind.id));
  const visit = await create(request, '/appointments', person.token, { doctor_id: doctor.id, visit_type_id: kind.id, start });
  const cash = { method: 'cash', amount_minor: kind.price.amount_minor };
  const bill = await create(request, `/appointments/${visit.id}/payments`, hospital.token, cash);
  return { person, payment: bill.payments[0] };
}

withAndWithoutScripts(() => {
  test('a receipt is saved as a file', async ({ page, request }) => {
    const { person, payment } = await paid(request);
    const path = `/receipts/${payment.id}`;
    await signIn(page, person.email, { password: person.password, next: path });
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1, name: /^Receipt R-/ })).toBeVisible();
    const waiting = page.waitForEvent('download');
    await main(page).getByRole('link', { name: t('payments.pdf') }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe(`receipt-${payment.receipt}.pdf`);
    const file = (await readFile(await download.path())).toString('latin1');
    expect(file.startsWith('%PDF-1.7')).toBe(true);
    expect(file).toContain(`/Title (Receipt ${payment.receipt})`);
    expect(file).toContain('/Lang (en)');
  });
});
