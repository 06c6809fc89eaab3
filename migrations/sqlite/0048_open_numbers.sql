-- Numbers of people who are in a house, without the people: whoever draws the first number of a day goes on after those of the day
-- before that are still called.
CREATE VIEW open_numbers AS
    SELECT hospital_id, ticket_day, ticket, starts_at FROM appointments
    WHERE ticket IS NOT NULL AND status IN ('arrived', 'checked-in', 'in-progress');
