CREATE TABLE "spiral"."budgets" (
	"scope" text PRIMARY KEY NOT NULL,
	"granted_prompts" bigint DEFAULT 0 NOT NULL,
	"granted_tokens" bigint DEFAULT 0 NOT NULL,
	"granted_nano_usd" bigint DEFAULT 0 NOT NULL,
	"spent_prompts" bigint DEFAULT 0 NOT NULL,
	"spent_tokens" bigint DEFAULT 0 NOT NULL,
	"spent_nano_usd" bigint DEFAULT 0 NOT NULL,
	"reserved_tokens" bigint DEFAULT 0 NOT NULL,
	"reserved_nano_usd" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spiral"."questions" (
	"id" text PRIMARY KEY NOT NULL,
	"task_id" text NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"shortage" jsonb,
	"asked_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"answered_at" timestamp (3) with time zone,
	"answer" jsonb,
	"answered_by" text,
	CONSTRAINT "questions_answered_whole" CHECK ((answered_at is null) = (answer is null))
);
--> statement-breakpoint
CREATE TABLE "spiral"."requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"task_id" text NOT NULL,
	"agent" text NOT NULL,
	"model" text NOT NULL,
	"holder" jsonb NOT NULL,
	"price" jsonb NOT NULL,
	"scopes" text[] NOT NULL,
	"reserved_input_tokens" bigint NOT NULL,
	"reserved_output_tokens" bigint NOT NULL,
	"reserved_nano_usd" bigint NOT NULL,
	"seen" jsonb,
	"used" jsonb,
	"nano_usd" bigint,
	"estimated" boolean,
	"status" integer,
	"first_byte_ms" double precision,
	"duration_ms" double precision,
	"started_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "requests_settled_whole" CHECK (settled_at is null or (used is not null and nano_usd is not null))
);
--> statement-breakpoint
CREATE TABLE "spiral"."test_rounds" (
	"task_id" text NOT NULL,
	"round" integer NOT NULL,
	"results" jsonb NOT NULL,
	CONSTRAINT "test_rounds_kept_once" PRIMARY KEY("task_id","round")
);
--> statement-breakpoint
CREATE TABLE "spiral"."upstreams" (
	"upstream" text PRIMARY KEY NOT NULL,
	"paused_until" timestamp (3) with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"probe_holder" text,
	"probe_until" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "spiral"."tasks" ADD COLUMN "repository" jsonb;--> statement-breakpoint
ALTER TABLE "spiral"."tasks" ADD COLUMN "night" jsonb;--> statement-breakpoint
ALTER TABLE "spiral"."tasks" ADD COLUMN "released_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "spiral"."questions" ADD CONSTRAINT "questions_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "spiral"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spiral"."test_rounds" ADD CONSTRAINT "test_rounds_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "spiral"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "questions_of_task" ON "spiral"."questions" USING btree ("task_id");--> statement-breakpoint
CREATE INDEX "questions_open" ON "spiral"."questions" USING btree ("asked_at") WHERE answered_at is null;--> statement-breakpoint
CREATE INDEX "requests_of_task" ON "spiral"."requests" USING btree ("task_id");--> statement-breakpoint
CREATE INDEX "requests_open" ON "spiral"."requests" USING btree ("started_at") WHERE settled_at is null;