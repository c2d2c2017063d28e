CREATE TABLE "spiral"."conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"task_id" text NOT NULL,
	"topic" text NOT NULL,
	"members" text[] NOT NULL,
	"allowance_each" integer NOT NULL,
	"allowance_all" integer NOT NULL,
	"state" jsonb NOT NULL,
	"silenced" text[] DEFAULT '{}' NOT NULL,
	"summary" text DEFAULT '' NOT NULL,
	"summarised_to" integer DEFAULT 0 NOT NULL,
	"last_number" integer DEFAULT 0 NOT NULL,
	"counts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"last_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spiral"."mail" (
	"conversation_id" text NOT NULL,
	"number" integer NOT NULL,
	"agent" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"is_paid" boolean DEFAULT false NOT NULL,
	"reason" text,
	"settled_at" timestamp (3) with time zone,
	"dead_at" timestamp (3) with time zone,
	CONSTRAINT "mail_got_once" PRIMARY KEY("conversation_id","number","agent"),
	CONSTRAINT "mail_has_one_end" CHECK (settled_at is null or dead_at is null)
);
--> statement-breakpoint
CREATE TABLE "spiral"."messages" (
	"conversation_id" text NOT NULL,
	"number" integer NOT NULL,
	"key" text NOT NULL,
	"author" text NOT NULL,
	"text" text NOT NULL,
	"mentions" text[] NOT NULL,
	"answers" integer,
	"relevance" jsonb,
	"at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "messages_in_order" PRIMARY KEY("conversation_id","number")
);
--> statement-breakpoint
ALTER TABLE "spiral"."questions" ADD COLUMN "conversation_id" text;--> statement-breakpoint
ALTER TABLE "spiral"."conversations" ADD CONSTRAINT "conversations_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "spiral"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spiral"."mail" ADD CONSTRAINT "mail_of_message" FOREIGN KEY ("conversation_id","number") REFERENCES "spiral"."messages"("conversation_id","number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spiral"."messages" ADD CONSTRAINT "messages_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "spiral"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversations_by_news" ON "spiral"."conversations" USING btree ("last_at","id");--> statement-breakpoint
CREATE INDEX "conversations_of_task" ON "spiral"."conversations" USING btree ("task_id","created_at");--> statement-breakpoint
CREATE INDEX "conversations_open" ON "spiral"."conversations" USING btree ("id") WHERE state ->> 'kind' = 'open';--> statement-breakpoint
CREATE INDEX "mail_waiting" ON "spiral"."mail" USING btree ("conversation_id","agent","number") WHERE settled_at is null and dead_at is null;--> statement-breakpoint
CREATE INDEX "mail_dead" ON "spiral"."mail" USING btree ("dead_at") WHERE dead_at is not null;--> statement-breakpoint
CREATE INDEX "mail_dead_of_conversation" ON "spiral"."mail" USING btree ("conversation_id") WHERE dead_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "messages_sent_once" ON "spiral"."messages" USING btree ("conversation_id","key");--> statement-breakpoint
ALTER TABLE "spiral"."questions" ADD CONSTRAINT "questions_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "spiral"."conversations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "questions_of_conversation" ON "spiral"."questions" USING btree ("conversation_id") WHERE conversation_id is not null;