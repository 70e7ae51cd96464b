package io.tanja.lab.bench;

import io.tanja.lab.ExecResult;
import io.tanja.lab.Lab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Load by h2load over HTTP/1.1, from inside a pod.
 *
 * @param url what is asked for
 * @param connections kept connections
 * @param ratePerConnection requests per second and connection; 0 for as fast as answers come
 */
record HttpLoad(String url, int connections, int ratePerConnection) {
    private static final Pattern DONE =
            Pattern.compile("requests: (\\d+) total, \\d+ started, (\\d+) done, (\\d+) succeeded, (\\d+) failed");
    private static final Pattern MEAN = Pattern.compile("time for request:\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)");

    /**
     * What came of it.
     *
     * @param requests answered with success
     * @param failed anything else
     * @param seconds how long
     * @param meanLatency as h2load prints it
     */
    record Result(long requests, long failed, int seconds, String meanLatency) {}

    Result run(Lab lab, String namespace, String pod, int seconds) throws IOException {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", "0", "h2load", "--h1", "-t", "1"));
        command.addAll(List.of("-c", Integer.toString(connections), "-D", Integer.toString(seconds)));
        if (ratePerConnection > 0) {
            command.add("--rps=" + ratePerConnection);
        }
        command.add(url);
        ExecResult result = lab.exec(namespace, pod, command);
        Matcher done = DONE.matcher(result.output());
        if (!result.succeeded() || !done.find()) {
            throw new IOException("h2load failed: " + result.output() + result.errors());
        }
        Matcher mean = MEAN.matcher(result.output());
        return new Result(
                Long.parseLong(done.group(3)),
                Long.parseLong(done.group(2)) - Long.parseLong(done.group(3)),
                seconds,
                mean.find() ? mean.group(3) : "?");
    }
}
