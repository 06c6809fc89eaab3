-- Visit types that patients book only when a doctor has asked them back.
ALTER TABLE visit_types ADD COLUMN follow_up_only INTEGER NOT NULL DEFAULT 0 CHECK (follow_up_only IN (0, 1));
