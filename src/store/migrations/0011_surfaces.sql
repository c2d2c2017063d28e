CREATE TABLE "spiral"."surface_records" (
	"surface" text NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	"saved_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "surface_records_by_key" PRIMARY KEY("surface","key")
);
--> statement-breakpoint
ALTER TABLE "spiral"."tasks" ADD COLUMN "attachments" jsonb;--> statement-breakpoint
ALTER TABLE "spiral"."tasks" ADD COLUMN "request_key" text;--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_once_for_a_request" ON "spiral"."tasks" USING btree ("request_key") WHERE request_key is not null;