import { createHash } from "node:crypto";

/**
 * The request for a job that makes chunks of a video, each `chunkSeconds` long, all in one format however the video
 * came: H.264 of at most 5 Mbit/s with AAC stereo, as HLS segments with their list.
 *
 * They go below chunks/, and never below uploads/: each object there starts a job.
 *
 * @param {object} video
 * @param {string} video.bucket
 * @param {{ episodeId: string, key: string, version: string }} video.upload
 * @param {string} video.roleArn Role by which MediaConvert reads the video and writes the chunks.
 * @param {number} video.chunkSeconds
 * @param {string} [video.queueArn] Default: the account's own default queue.
 */
export const chunkingJob = ({ bucket, upload, roleArn, chunkSeconds, queueArn }) => ({
  Role: roleArn,
  ...(queueArn && { Queue: queueArn }),
  // An event that comes twice asks for the same job, not for a second one.
  ClientRequestToken: tokenOf(`${bucket}/${upload.key}/${upload.version}`),
  UserMetadata: { episodeId: upload.episodeId },
  Settings: {
    Inputs: [
      {
        FileInput: `s3://${bucket}/${upload.key}`,
        TimecodeSource: "ZEROBASED",
        VideoSelector: {},
        AudioSelectors: { [AUDIO]: { DefaultSelection: "DEFAULT" } },
      },
    ],
    OutputGroups: [
      {
        Name: "chunks",
        OutputGroupSettings: {
          Type: "HLS_GROUP_SETTINGS",
          HlsGroupSettings: {
            Destination: `s3://${bucket}/chunks/${upload.episodeId}/`,
            SegmentControl: "SEGMENTED_FILES",
            SegmentLength: chunkSeconds,
            SegmentLengthControl: "EXACT",
            MinSegmentLength: 0,
          },
        },
        Outputs: [OUTPUT],
      },
    ],
  },
});

const AUDIO = "Audio Selector 1";

const OUTPUT = {
  NameModifier: "_chunk",
  ContainerSettings: { Container: "M3U8" },
  VideoDescription: {
    CodecSettings: {
      Codec: "H_264",
      H264Settings: {
        RateControlMode: "QVBR",
        QualityTuningLevel: "SINGLE_PASS_HQ",
        MaxBitrate: 5_000_000,
        SceneChangeDetect: "TRANSITION_DETECTION",
        // A chunk can only begin where a group of pictures does.
        GopSizeUnits: "SECONDS",
        GopSize: 2,
      },
    },
  },
  AudioDescriptions: [
    {
      AudioSourceName: AUDIO,
      CodecSettings: {
        Codec: "AAC",
        AacSettings: { Bitrate: 128_000, CodingMode: "CODING_MODE_2_0", SampleRate: 48_000 },
      },
    },
  ],
};

const tokenOf = (name) => createHash("sha256").update(name).digest("hex").slice(0, 32);
