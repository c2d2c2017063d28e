ALTER TABLE "spiral"."questions" ADD COLUMN "choices" jsonb;--> statement-breakpoint
ALTER TABLE "spiral"."tasks" ADD COLUMN "wish" jsonb;--> statement-breakpoint
ALTER TABLE "spiral"."tasks" ADD COLUMN "project" text;--> statement-breakpoint
ALTER TABLE "spiral"."tasks" ADD COLUMN "is_held" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "tasks_of_project" ON "spiral"."tasks" USING btree ("project") WHERE project is not null;