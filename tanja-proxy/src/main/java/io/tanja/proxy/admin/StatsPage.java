package io.tanja.proxy.admin;

import io.tanja.proxy.observe.Exposition;
import io.tanja.proxy.observe.MetricSource;
import java.util.List;

/** The metrics of the whole proxy in Prometheus' text format. */
public final class StatsPage implements Page {
    private final List<MetricSource> sources;

    /**
     * Makes the page.
     *
     * @param sources what is shown, in this order
     */
    public StatsPage(List<MetricSource> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public Answer answer() {
        Exposition out = new Exposition();
        for (MetricSource source : sources) {
            source.write(out);
        }
        return new Answer(200, Exposition.CONTENT_TYPE, out.toByteArray());
    }
}
