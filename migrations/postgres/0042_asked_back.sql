-- Visit types that patients book only when a doctor has asked them back.
ALTER TABLE visit_types ADD COLUMN follow_up_only BOOLEAN NOT NULL DEFAULT FALSE;
