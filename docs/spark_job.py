"""Upgrade a column of stored events with Spark.

    spark-submit spark_job.py s3a://events/2021 s3a://events/upgraded --column rawDataCa

TARGET gets one folder for each outcome: `outcome=upgraded`, `outcome=unchanged`, `outcome=blank`, and
`outcome=rejected` with the events as they were, and why in the column `violations`.
"""

import argparse

from pyspark.sql import SparkSession

from tcspec.migration.spark import upgrade


def main():
    """Upgrade the rows of SOURCE into TARGET, and print how many had which outcome."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--column", required=True, help="column of payloads; of lines of text it is `value`")
    parser.add_argument("--format", default="parquet", help="of the source, as Spark calls it: parquet, orc, text")
    parser.add_argument("--on-invalid", choices=["keep", "reject"], default="keep")
    options = parser.parse_args()
    spark = SparkSession.builder.appName("tcspec").getOrCreate()
    rows = spark.read.format(options.format).load(options.source)
    upgraded = upgrade(rows, options.column, on_invalid=options.on_invalid)
    # In one pass; a target that exists is refused.
    upgraded.write.partitionBy("outcome").parquet(options.target)
    for outcome, count in sorted(spark.read.parquet(options.target).groupBy("outcome").count().collect()):
        print(f"{count:,} {outcome}")
    spark.stop()


if __name__ == "__main__":
    main()
