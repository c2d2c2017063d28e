ALTER TABLE "spiral"."messages" ADD COLUMN "request" jsonb;--> statement-breakpoint
ALTER TABLE "spiral"."messages" ADD COLUMN "result" jsonb;--> statement-breakpoint
ALTER TABLE "spiral"."tasks" ADD COLUMN "tool_request" text;