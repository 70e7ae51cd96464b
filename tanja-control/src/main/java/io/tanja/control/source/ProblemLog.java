package io.tanja.control.source;

import io.tanja.model.validate.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each problem once when it appears and once when it is gone. Written by the one thread that shows it snapshots. */
public final class ProblemLog {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemLog.class);

    private Map<Problem, Problem> known = Map.of();

    /** Takes the problems that there are now. */
    public void show(List<Problem> problems) {
        Map<Problem, Problem> now = new LinkedHashMap<>();
        // A line that moved is not another problem.
        problems.forEach(problem -> now.putIfAbsent(problem.at(0), problem));
        now.forEach((key, problem) -> {
            if (!known.containsKey(key)) {
                appeared(problem);
            }
        });
        known.forEach((key, problem) -> {
            if (!now.containsKey(key)) {
                LOG.info(
                        "problem gone file=\"{}\" object=\"{}\" field={} message=\"{}\"",
                        problem.file(),
                        problem.object(),
                        problem.field(),
                        problem.message());
            }
        });
        known = now;
    }

    private static void appeared(Problem problem) {
        LOG.atLevel(problem.isError() ? org.slf4j.event.Level.ERROR : org.slf4j.event.Level.WARN)
                .log(
                        "problem file=\"{}\" line={} object=\"{}\" field={} message=\"{}\" remedy=\"{}\"",
                        problem.file(),
                        problem.line(),
                        problem.object(),
                        problem.field(),
                        problem.message(),
                        problem.remedy());
    }
}
