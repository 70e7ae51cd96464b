package io.tanja.proxy.observe;

import java.nio.charset.StandardCharsets;

/**
 * Builds a page of metrics in Prometheus' text format, version 0.0.4. One writer: the thread that answers the scrape.
 *
 * <p>Labels are handed in as text that {@link Labels} made, so that they are escaped in one place.
 */
public final class Exposition {
    /** The content type of the page. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final LineBuffer out = new LineBuffer(16 * 1024);

    /** What a family of samples is. */
    public enum Type {
        /** Only grows. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Buckets, sum and count. */
        HISTOGRAM
    }

    /** Begins a family; its samples must follow before the next family. */
    public void family(String name, Type type, String help) {
        out.put("# HELP ").put(name).put(' ').put(help).put('\n');
        out.put("# TYPE ").put(name).put(' ');
        out.put(
                switch (type) {
                    case COUNTER -> "counter";
                    case GAUGE -> "gauge";
                    case HISTOGRAM -> "histogram";
                });
        out.put('\n');
    }

    /**
     * Writes one sample.
     *
     * @param name the name of the family
     * @param labels made by {@link Labels}, or empty
     * @param value its value
     */
    public void sample(String name, String labels, long value) {
        out.put(name);
        labels(labels);
        out.put(' ').put(value).put('\n');
    }

    /** Writes a family that has one sample without labels. */
    public void single(String name, Type type, String help, long value) {
        family(name, type, help);
        sample(name, "", value);
    }

    /** Writes a sample without labels whose value is given in thousandths. */
    void thousandths(String name, long value) {
        out.put(name).put(' ');
        decimal(value, 1000);
        out.put('\n');
    }

    void bucket(String name, String labels, String bound, long cumulative) {
        out.put(name).put("_bucket{");
        if (!labels.isEmpty()) {
            text(labels);
            out.put(',');
        }
        out.put("le=\"").put(bound).put("\"} ").put(cumulative).put('\n');
    }

    void sum(String name, String labels, long sum, long scale) {
        out.put(name).put("_sum");
        labels(labels);
        out.put(' ');
        decimal(sum, scale);
        out.put('\n');
    }

    void count(String name, String labels, long count) {
        out.put(name).put("_count");
        labels(labels);
        out.put(' ').put(count).put('\n');
    }

    /** The page as it goes over the wire. */
    public byte[] toByteArray() {
        return out.toByteArray();
    }

    /** The page as text. */
    @Override
    public String toString() {
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private void decimal(long value, long scale) {
        out.put(value / scale);
        if (value % scale != 0) {
            out.put('.').padded((int) (value % scale), 3);
        }
    }

    private void labels(String labels) {
        if (!labels.isEmpty()) {
            out.put('{');
            text(labels);
            out.put('}');
        }
    }

    private void text(String labels) {
        out.put(labels.getBytes(StandardCharsets.UTF_8));
    }
}
