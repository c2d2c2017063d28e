ALTER TABLE "spiral"."tasks" ADD COLUMN "retires" text;--> statement-breakpoint
ALTER TABLE "spiral"."tools" ADD COLUMN "wanted_at" timestamp (3) with time zone;