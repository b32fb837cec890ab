# AWS makes up the end of the bucket's name. With a name that the plan knows, it shows every policy, pattern and
# environment that holds it.
resource "aws_s3_bucket" "transcripts" {
  bucket        = "nullcheck-media-known"
  bucket_prefix = null
}
