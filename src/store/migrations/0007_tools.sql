CREATE TABLE "spiral"."tool_versions" (
	"name" text NOT NULL,
	"version" text NOT NULL,
	"manifest" json NOT NULL,
	"files" json NOT NULL,
	"digest" text NOT NULL,
	"provenance" jsonb NOT NULL,
	"published_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tool_versions_name_version_pk" PRIMARY KEY("name","version")
);
--> statement-breakpoint
CREATE TABLE "spiral"."tools" (
	"name" text PRIMARY KEY NOT NULL,
	"served" text NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"calls" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"revision" bigint NOT NULL,
	CONSTRAINT "tools_have_a_status" CHECK (status in ('active', 'retired'))
);
--> statement-breakpoint
ALTER TABLE "spiral"."tools" ADD CONSTRAINT "tools_serve_a_version" FOREIGN KEY ("name","served") REFERENCES "spiral"."tool_versions"("name","version") ON DELETE no action ON UPDATE no action;