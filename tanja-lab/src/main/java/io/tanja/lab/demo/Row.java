package io.tanja.lab.demo;

/**
 * One expectation and what became of it.
 *
 * @param step number of the step; 1 to 12 are the seed document's
 * @param title what the step is about
 * @param expected what was expected
 * @param observed what was observed
 * @param pass whether the one is the other
 */
public record Row(int step, String title, String expected, String observed, boolean pass) {}
