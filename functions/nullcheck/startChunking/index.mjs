import { CreateJobCommand, MediaConvertClient } from "@aws-sdk/client-mediaconvert";
import { required, requiredCount } from "#shared/environment.mjs";
import { createEventHandler } from "#shared/events.mjs";
import { objectOf } from "#nullcheck/objects.mjs";
import { chunkingJob } from "./job.mjs";

/**
 * Has MediaConvert cut an uploaded video into chunks.
 *
 * @param {{ client?: MediaConvertClient, env?: Record<string, string | undefined> }} ports
 */
export const createStartChunking = ({ client, env = process.env } = {}) =>
  createEventHandler({
    functionName: "startChunking",
    on: async (event) => {
      const bucket = required(env, "BUCKET_NAME");
      const upload = objectOf(event, { bucket, prefix: "uploads/" });
      const request = chunkingJob({
        bucket,
        upload,
        roleArn: required(env, "MEDIACONVERT_ROLE_ARN"),
        chunkSeconds: requiredCount(env, "CHUNK_SECONDS"),
        queueArn: env.MEDIACONVERT_QUEUE_ARN || undefined,
      });
      client ??= new MediaConvertClient({});
      const { Job } = await client.send(new CreateJobCommand(request));
      return { episodeId: upload.episodeId, jobId: Job.Id };
    },
  });

export const handler = createStartChunking();
