package io.tanja.proxy.observe;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** Istio's traffic metrics on the page, series in the order of their labels so that two pages can be compared. */
final class TrafficPage {
    private TrafficPage() {}

    static void requests(Exposition out, Map<SeriesKey, RequestSeries> series) {
        Map<String, RequestSeries> sorted = sorted(series);
        family(out, "istio_requests_total", "Requests.", sorted, s -> s.requests.get());
        histograms(out, "istio_request_duration_milliseconds", "Time to answer, ms.", sorted, s -> s.duration);
        histograms(out, "istio_request_bytes", "Size of request bodies.", sorted, s -> s.received);
        histograms(out, "istio_response_bytes", "Size of response bodies.", sorted, s -> s.sent);
    }

    static void connections(Exposition out, Map<SeriesKey, TcpSeries> series) {
        Map<String, TcpSeries> sorted = sorted(series);
        family(out, "istio_tcp_connections_opened_total", "Connections opened.", sorted, s -> s.opened.get());
        family(out, "istio_tcp_connections_closed_total", "Connections closed.", sorted, s -> s.closed.get());
        family(out, "istio_tcp_received_bytes_total", "Bytes from the caller.", sorted, s -> s.received.get());
        family(out, "istio_tcp_sent_bytes_total", "Bytes to the caller.", sorted, s -> s.sent.get());
    }

    private static <S> Map<String, S> sorted(Map<SeriesKey, S> series) {
        Map<String, S> sorted = new TreeMap<>();
        for (Map.Entry<SeriesKey, S> each : series.entrySet()) {
            sorted.put(each.getKey().labels(), each.getValue());
        }
        return sorted;
    }

    private static <S> void family(
            Exposition out, String name, String help, Map<String, S> sorted, ToLongFunction<S> value) {
        if (!sorted.isEmpty()) {
            out.family(name, Exposition.Type.COUNTER, help);
            for (Map.Entry<String, S> each : sorted.entrySet()) {
                out.sample(name, each.getKey(), value.applyAsLong(each.getValue()));
            }
        }
    }

    private static void histograms(
            Exposition out,
            String name,
            String help,
            Map<String, RequestSeries> sorted,
            java.util.function.Function<RequestSeries, Histogram> which) {
        if (!sorted.isEmpty()) {
            out.family(name, Exposition.Type.HISTOGRAM, help);
            for (Map.Entry<String, RequestSeries> each : sorted.entrySet()) {
                which.apply(each.getValue()).write(out, name, each.getKey());
            }
        }
    }
}
