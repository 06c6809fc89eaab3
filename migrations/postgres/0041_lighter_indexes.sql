-- Most visits belong to no row of visits and come from no ticket: they need not stand in these.
DROP INDEX appointments_series_number;
CREATE UNIQUE INDEX appointments_series_number ON appointments (series_id, series_number) WHERE series_id IS NOT NULL;
DROP INDEX appointments_follow_up;
CREATE UNIQUE INDEX appointments_follow_up ON appointments (follow_up_id) WHERE occupies AND follow_up_id IS NOT NULL;
