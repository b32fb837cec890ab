// Stands in for the SDK that Lambda's runtime brings: only what the presigner's stand-in looks at.

class Command {
  constructor(input) {
    this.input = input;
  }
}

export class GetObjectCommand extends Command {
  operation = "GetObject";
}

export class PutObjectCommand extends Command {
  operation = "PutObject";
}

export class S3Client {}
