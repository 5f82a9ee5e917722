export { Component } from 'react';
