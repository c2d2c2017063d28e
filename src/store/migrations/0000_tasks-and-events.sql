CREATE SCHEMA IF NOT EXISTS "spiral";
--> statement-breakpoint
CREATE TABLE "spiral"."events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "spiral"."events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"body" json NOT NULL,
	"type" text GENERATED ALWAYS AS (body ->> 'type') STORED,
	"task_id" text GENERATED ALWAYS AS (body ->> 'taskId') STORED,
	"key" text
);
--> statement-breakpoint
CREATE TABLE "spiral"."output" (
	"number" bigint GENERATED ALWAYS AS IDENTITY (sequence name "spiral"."output_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"task_id" text NOT NULL,
	"key" text NOT NULL,
	"round" integer NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "output_kept_once" PRIMARY KEY("task_id","key")
);
--> statement-breakpoint
CREATE TABLE "spiral"."tasks" (
	"id" text PRIMARY KEY NOT NULL,
	"text" text NOT NULL,
	"agent" text NOT NULL,
	"origin" text NOT NULL,
	"workspace" text NOT NULL,
	"machine" text NOT NULL,
	"model" text NOT NULL,
	"session_id" text NOT NULL,
	"prompt_limit" integer NOT NULL,
	"round_timeout_seconds" double precision NOT NULL,
	"continues" text,
	"state" jsonb NOT NULL,
	"cancel_requested" boolean DEFAULT false NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"lease_holder" jsonb,
	"lease_until" timestamp (3) with time zone,
	"occupies" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "tasks_lease_is_whole" CHECK ((lease_holder is null) = (lease_until is null)),
	CONSTRAINT "tasks_occupy_under_a_lease" CHECK (lease_holder is not null or not occupies),
	CONSTRAINT "tasks_finished_hold_no_lease" CHECK (finished_at is null or lease_holder is null)
);
--> statement-breakpoint
ALTER TABLE "spiral"."output" ADD CONSTRAINT "output_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "spiral"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "events_of_task" ON "spiral"."events" USING btree ("task_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "events_told_once" ON "spiral"."events" USING btree ("task_id","key") WHERE key is not null;--> statement-breakpoint
CREATE INDEX "events_of_spending" ON "spiral"."events" USING btree ("task_id","type") WHERE type in ('prompt.spent', 'engine.finished');--> statement-breakpoint
CREATE INDEX "output_of_task" ON "spiral"."output" USING btree ("task_id","number");--> statement-breakpoint
CREATE INDEX "tasks_by_age" ON "spiral"."tasks" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "tasks_unfinished" ON "spiral"."tasks" USING btree ("machine","created_at") WHERE finished_at is null;