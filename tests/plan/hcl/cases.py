"""Configurations in Terraform JSON, each for what is easily written wrongly in HCL."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

SUBMODULE = """\
variable "given" {
  type = any
}

output "taken" {
  value = var.given
}
"""

CORE_CASES: dict[str, Json] = {
    "meta_arguments": {
        "resource": {
            "terraform_data": {
                "counted": {"count": 2, "input": "${count.index}"},
                "keyed": {
                    "for_each": '${toset(["a", "b"])}',
                    "input": {"key": "${each.key}", "first": "${terraform_data.counted[0].output}"},
                    "triggers_replace": ["${each.value}", False, None, "", 0],
                    "depends_on": ["terraform_data.counted", "terraform_data.plain[0]"],
                },
                "plain": {"count": "${1 + 0}", "//": {"metadata": {"path": "cases/part/plain/this"}}},
            }
        }
    },
    "lifecycle": {
        "locals": {"one": 1},
        "resource": {
            "terraform_data": {
                "first": {"input": 1},
                "second": {
                    "input": {"a": 1},
                    "lifecycle": {
                        "create_before_destroy": True,
                        "prevent_destroy": False,
                        "ignore_changes": ["input", "triggers_replace"],
                        "replace_triggered_by": ["terraform_data.first", "terraform_data.first.output"],
                        "precondition": [
                            {"condition": "${local.one < 2}", "error_message": 'one "is" not ${"less"}\nthan two'},
                            {"condition": "${terraform_data.first.input == 1}", "error_message": "$${literal}"},
                        ],
                        "postcondition": {"condition": "${self.input.a == 1}", "error_message": "no"},
                    },
                },
                "third": {"lifecycle": [{"ignore_changes": "all"}]},
            }
        },
    },
    "variables": {
        "variable": {
            "map": {"type": "map(number)", "default": {"a": 1, "b": "2"}},
            "object": {
                "type": "object({\n  a = string\n  b = optional(list(number), [1])\n  c-d = optional(bool)\n})",
                "default": {"a": "${not an expression}", "c-d": False},
            },
            "functions": {
                "type": "map(object({ filename = optional(string), s3_bucket = optional(string), "
                "s3_key = optional(string), source_code_hash = optional(string) }))",
                "default": {},
            },
            "none": {"type": "string", "default": None},
            "no": {"type": "bool", "default": False, "sensitive": False, "ephemeral": False, "nullable": True},
            "secret": {"type": "string", "default": "", "sensitive": True, "description": 'say "${nothing}"'},
            "short_lived": {"type": "string", "default": "x", "ephemeral": True},
            "list": {
                "type": "list(string)",
                "default": [],
                "nullable": False,
                "validation": [
                    {"condition": "${length(var.list) == 0}", "error_message": 'not "${length(var.list)}" of them'},
                    {"condition": '${alltrue([for x in var.list : x != ""])}', "error_message": "Empty."},
                ],
            },
        },
        "output": {
            "map": {"value": "${var.map}"},
            "object": {"value": "${var.object}", "description": "50%{ and ${more}"},
            "functions": {"value": "${var.functions}"},
            "none": {"value": "${var.none == null}"},
            "no": {"value": "${var.no}", "sensitive": False},
            "secret": {"value": "${var.secret}", "sensitive": True, "depends_on": ["terraform_data.item"]},
            "checked": {
                "value": 0,
                "precondition": [{"condition": "${!var.no}", "error_message": "It is ${var.no}."}],
            },
        },
        "resource": {"terraform_data": {"item": {}}},
    },
    "modules_and_moves": {
        "module": {
            "one": {"source": "./sub", "given": {"a": [], "b": {}, "c": None}},
            "many": {
                "source": "./sub",
                "for_each": {"x": 1, "y": 2},
                "given": "${each.value}",
                "depends_on": ["module.one", "terraform_data.keyed"],
            },
        },
        "resource": {"terraform_data": {"keyed": {"for_each": {"a b": 1}, "input": "${module.one.taken}"}}},
        "moved": [
            {"from": "terraform_data.old", "to": 'terraform_data.keyed["a b"]'},
            {"from": "module.before", "to": "module.one"},
        ],
        "removed": [{"from": "terraform_data.gone", "lifecycle": {"destroy": False}}],
        "import": [{"to": 'terraform_data.keyed["a b"]', "id": "made-${1 + 1}"}],
        "check": {
            "healthy": {
                "data": {"terraform_remote_state": {"x": {"backend": "local", "config": {"path": "none"}}}},
                "assert": [{"condition": "${terraform_data.keyed != null}", "error_message": "Never."}],
            }
        },
        "output": {"all": {"value": "${module.many}"}},
    },
    "versions": {
        "terraform": {
            "required_version": ">= 1.11, != 1.11.0",
            "required_providers": {"terraform": {"source": "terraform.io/builtin/terraform"}},
        },
        "output": {"o": {"value": "${terraform.workspace}"}},
    },
}

PROVIDER: Json = {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}},
    "provider": {
        "aws": [
            {**settings, "region": "eu-west-1", "default_tags": [{"tags": {"a b": "${local.tag}", "c": ""}}]}
            for settings in (
                {
                    "access_key": "none",
                    "secret_key": "none",
                    "skip_credentials_validation": True,
                    "skip_metadata_api_check": True,
                    "skip_region_validation": True,
                    "skip_requesting_account_id": True,
                },
            )
        ]
    },
    "locals": {"tag": '${upper("x")}', "rules": [{"name": "a", "type": "S"}, {"name": "b", "type": "N"}]},
}
PROVIDER["provider"]["aws"].append(
    {**PROVIDER["provider"]["aws"][0], "alias": "other", "region": "us-east-1", "default_tags": []}
)

AWS_CASES: Json = {
    "data": {
        "aws_iam_policy_document": {
            "rules": {
                "provider": "aws.other",
                "statement": [
                    {
                        "sid": "Read",
                        "actions": ["s3:GetObject", "s3:PutObject"],
                        "resources": ["${aws_sqs_queue.jobs.arn}/*", "arn:aws:s3:::$${aws:username}/*"],
                        "principals": [{"type": "AWS", "identifiers": ["*"]}],
                        "condition": [
                            {"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]},
                            {"test": "StringLike", "variable": "s3:prefix", "values": [""]},
                        ],
                    },
                    {"effect": "Deny", "not_actions": [], "not_resources": ["*"]},
                ],
            }
        }
    },
    "ephemeral": {"aws_secretsmanager_secret_version": {"current": {"secret_id": "${aws_secretsmanager_secret.s.id}"}}},
    "resource": {
        "aws_secretsmanager_secret": {"s": {"name": "s", "recovery_window_in_days": 0}},
        "aws_sqs_queue": {
            "jobs": {"name": "jobs", "fifo_queue": False, "delay_seconds": 0, "tags": {}, "provider": "aws.other"},
            "keyed": {
                "for_each": "${{ for rule in local.rules : rule.name => rule }}",
                "name": "${each.key}",
                "redrive_policy": '${jsonencode({"deadLetterTargetArn" = aws_sqs_queue.jobs.arn, "count" = 4, '
                '"note" = "for ${aws_sqs_queue.jobs.name} and a line of words that makes this one long"})}',
                "lifecycle": {"ignore_changes": ['tags["x"]', "name"], "prevent_destroy": True},
            },
        },
        "aws_dynamodb_table": {
            "dynamic": {
                "name": "dynamic",
                "billing_mode": "PAY_PER_REQUEST",
                "hash_key": "a",
                "attribute": [{"name": "c", "type": "S"}],
                "dynamic": {
                    "attribute": {
                        "for_each": "${local.rules}",
                        "iterator": "each",
                        "content": {"name": "${each.value.name}", "type": "${each.value.type}"},
                    },
                    "global_secondary_index": [
                        {
                            "for_each": ["b", "c"],
                            "iterator": "index",
                            "content": [
                                {
                                    "name": "by-${index.value}",
                                    "hash_key": "${index.value}",
                                    "projection_type": "ALL",
                                }
                            ],
                        }
                    ],
                },
                "point_in_time_recovery": {"enabled": False},
                "server_side_encryption": [{"enabled": True}],
                "timeouts": {"create": "5m"},
                "ttl": [],
            }
        },
        "aws_security_group": {
            "attributes_as_blocks": {
                "name": "sg",
                "vpc_id": "vpc-1",
                "egress": [],
                "ingress": [
                    {
                        "from_port": 443,
                        "to_port": 443,
                        "protocol": "tcp",
                        "cidr_blocks": ["10.0.0.0/8"],
                        "description": None,
                        "ipv6_cidr_blocks": None,
                        "prefix_list_ids": None,
                        "security_groups": None,
                        "self": None,
                    }
                ],
            }
        },
        "aws_s3_bucket_lifecycle_configuration": {
            "rules": {
                "bucket": "b",
                "rule": [
                    {
                        "id": "nested",
                        "status": "Enabled",
                        "filter": [{"and": [{"prefix": "x/", "tags": {"k": "v"}}]}],
                        "noncurrent_version_expiration": [{"noncurrent_days": 30}],
                        "transition": [
                            {"days": 30, "storage_class": "STANDARD_IA"},
                            {"days": 90, "storage_class": "GLACIER"},
                        ],
                    },
                    {"id": "all", "status": "Disabled", "filter": [{}], "expiration": [{"days": 365}]},
                ],
            }
        },
        "aws_wafv2_web_acl": {
            "deep": {
                "name": "acl",
                "scope": "REGIONAL",
                "default_action": {"allow": {}},
                "visibility_config": {
                    "cloudwatch_metrics_enabled": True,
                    "metric_name": "acl",
                    "sampled_requests_enabled": False,
                },
                "rule": [
                    {
                        "name": "managed",
                        "priority": 0,
                        "override_action": {"none": {}},
                        "statement": {
                            "managed_rule_group_statement": {
                                "name": "AWSManagedRulesCommonRuleSet",
                                "vendor_name": "AWS",
                                "rule_action_override": [
                                    {"name": "SizeRestrictions_BODY", "action_to_use": {"count": {}}}
                                ],
                                "scope_down_statement": {
                                    "not_statement": {
                                        "statement": {"geo_match_statement": {"country_codes": ["CH", "AT"]}}
                                    }
                                },
                            }
                        },
                        "visibility_config": {
                            "cloudwatch_metrics_enabled": False,
                            "metric_name": "managed",
                            "sampled_requests_enabled": False,
                        },
                    }
                ],
            }
        },
        "aws_cloudwatch_event_target": {
            "text": {
                "rule": "r",
                "arn": "arn:aws:sqs:eu-west-1:111111111111:q",
                "input_transformer": {
                    "input_paths": {"instance": "$.detail.instance", "state-of": "$.detail.state"},
                    "input_template": '{\n  "text": "<instance> \\"is\\" in <state-of>",\n  "path": "C:\\\\x"\n}\n',
                },
            }
        },
        "aws_cloudfront_function": {
            "script": {
                "name": "f",
                "runtime": "cloudfront-js-2.0",
                "publish": True,
                "code": 'function handler(event) {\n  var u = `$${event.request.uri}`;\n\n  return "a\\n";\n}\n',
            }
        },
    },
    "output": {"policy": {"value": "${data.aws_iam_policy_document.rules.json}"}},
}
