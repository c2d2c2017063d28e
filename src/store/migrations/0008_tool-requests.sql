CREATE TABLE "spiral"."tool_request_calls" (
	"task_id" text NOT NULL,
	"call_id" text NOT NULL,
	"request_id" text NOT NULL,
	CONSTRAINT "tool_request_calls_once" PRIMARY KEY("task_id","call_id")
);
--> statement-breakpoint
CREATE TABLE "spiral"."tool_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"urgency" integer NOT NULL,
	"importance" integer NOT NULL,
	"requirements" text[] NOT NULL,
	"examples" jsonb NOT NULL,
	"requested_by" text NOT NULL,
	"task_id" text,
	"is_blocking" boolean NOT NULL,
	"work_task" text NOT NULL,
	"similar" text[] NOT NULL,
	"improves" text,
	"outcome" jsonb,
	"filed_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"closed_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "spiral"."tool_request_calls" ADD CONSTRAINT "tool_request_calls_request_id_tool_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "spiral"."tool_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "tool_requests_open" ON "spiral"."tool_requests" USING btree ("name") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "tool_requests_by_name" ON "spiral"."tool_requests" USING btree ("name");--> statement-breakpoint
CREATE INDEX "tool_requests_by_time" ON "spiral"."tool_requests" USING btree ("filed_at","id");